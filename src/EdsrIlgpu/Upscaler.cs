using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;
using EdsrIlgpu.Models.Pretrained;
using EdsrIlgpu.Resampling;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu;

/// <summary>
/// Super-resolution by an EDSR network: pixels in, pixels out. Parameters are shared and immutable; each call works in memory of
/// its own, which is kept for the next picture of the same size. Safe to call from several threads.
/// </summary>
public sealed class Upscaler : IUpscaler
{
    private readonly ComputeDevice device;
    private readonly bool ownsDevice;
    private readonly Network network;
    private readonly PixelAffine load, store;
    private Workspace? idle;

    /// <summary>Puts a network on a device.</summary>
    /// <param name="model">The network.</param>
    /// <param name="device">Where it runs; not disposed with the upscaler. All the host's cores if null.</param>
    public Upscaler(EdsrModel model, ComputeDevice? device = null)
    {
        ownsDevice = device is null;
        this.device = device ?? new HostComputeDevice();
        Model = model;
        network = new Network(Edsr.Build(model.Config), model.Parameters, this.device);
        (load, store) = (model.Config.Range.Load, model.Config.Range.Store);
    }

    /// <summary>Reads a model file and puts the network on a device.</summary>
    /// <param name="path">A file that <see cref="ModelFile"/> reads.</param>
    /// <param name="device">Where it runs; not disposed with the upscaler. All the host's cores if null.</param>
    /// <exception cref="EdsrException">The file cannot be used.</exception>
    public static Upscaler Open(string path, ComputeDevice? device = null) => new(ModelFile.Load(path), device);

    /// <summary>Puts the trained model that ships for a scale on a device.</summary>
    /// <param name="scale">One of <see cref="PretrainedModels.Scales"/>.</param>
    /// <param name="device">Where it runs; not disposed with the upscaler. All the host's cores if null.</param>
    /// <exception cref="EdsrException">There is no model for this scale.</exception>
    public static Upscaler Pretrained(int scale, ComputeDevice? device = null) => new(PretrainedModels.Load(scale), device);

    /// <summary>The network.</summary>
    public EdsrModel Model { get; }

    /// <inheritdoc/>
    public int Scale => Model.Config.Scale;

    /// <inheritdoc/>
    /// <remarks>
    /// A network of three channels sees a grey picture as RGB with equal channels, and its result's luma (BT.601) is the grey one. A
    /// network of one channel sees the colours one after the other.
    /// </remarks>
    public Picture Upscale(Picture picture, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        if (picture.HasAlpha)
        {
            var alpha = MatlabBicubic.Upscale(picture.Alpha(), Scale, Border.Symmetric);
            return Upscale(picture.Colours(), progress, cancel).WithAlpha(alpha);
        }
        if (picture.Channels == Model.Config.Channels)
        {
            var (width, height) = picture.SizeTimes(Scale);
            var result = new Picture(width, height, picture.Channels) { IccProfile = picture.IccProfile };
            Upscale(picture.Pixels, picture.Width, picture.Height, result.Pixels, progress, cancel);
            return result;
        }
        return Model.Config.Channels == 1
            ? picture.ForEachChannel((channel, i) => Upscale(channel, progress is null ? null : new Share(progress, i, picture.Channels), cancel))
            : Upscale(picture.ToRgb(), progress, cancel).ToGrey(picture.IccProfile);
    }

    /// <summary>Makes interleaved 8-bit pixels of the network's channels larger.</summary>
    /// <param name="pixels">[height, width, channels], dense.</param>
    /// <param name="width">Width in pixels.</param>
    /// <param name="height">Height in pixels.</param>
    /// <param name="output">[height · Scale, width · Scale, channels], dense; all of it is written.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1; may be null.</param>
    /// <param name="cancel">Honoured between two steps of the network.</param>
    /// <exception cref="ArgumentException">A span has another length than the sizes say.</exception>
    /// <exception cref="EdsrException">The picture does not fit into the device's memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the output is incomplete.</exception>
    public void Upscale(ReadOnlySpan<byte> pixels, int width, int height, Span<byte> output, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        try
        {
            var workspace = Take(width, height);
            try
            {
                workspace.Executor.Run(pixels, load, store, output, progress, cancel);
            }
            catch
            {
                workspace.Executor.Dispose();
                throw;
            }
            Interlocked.Exchange(ref idle, workspace)?.Executor.Dispose();
        }
        catch (OutOfMemoryException problem)
        {
            throw new EdsrException($"There is not enough memory on {device.Name} for a picture of {width}×{height}: crop the picture, or use another device.", problem);
        }
    }

    /// <summary>How a picture of this size will lie in memory: whole where that fits the device's budget, else in the largest bands of rows that do.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <exception cref="EdsrException">Not even bands of one row fit.</exception>
    public MemoryPlan Plan(int width, int height)
    {
        var plan = network.Plan(1, height, width, MemoryMode.Whole);
        for (int rows = 64; plan.Bytes > device.MemoryBudget; rows /= 2)
        {
            if (rows == 0)
                throw new EdsrException($"A picture of {width}×{height} needs {plan.Bytes >> 20} MiB for this network, and {device.Name} has {device.MemoryBudget >> 20} MiB to give: crop the picture, or use another device.");
            plan = network.Plan(1, height, width, MemoryMode.Bands(rows));
        }
        return plan;
    }

    /// <summary>Frees what it works in, and the device if it was not given one. No call may be under way.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref idle, null)?.Executor.Dispose();
        network.Dispose();
        if (ownsDevice)
            device.Dispose();
    }

    private Workspace Take(int width, int height)
    {
        var workspace = Interlocked.Exchange(ref idle, null);
        if (workspace is not null && (workspace.Width, workspace.Height) == (width, height))
            return workspace;
        workspace?.Executor.Dispose();
        return new Workspace(width, height, network.CreateExecutor(1, height, width, Plan(width, height).Mode));
    }

    private sealed record Workspace(int Width, int Height, Executor Executor);

    /// <summary>Progress of one of several equal parts of a work.</summary>
    private sealed class Share(IProgress<double> whole, int part, int parts) : IProgress<double>
    {
        public void Report(double value) => whole.Report((part + value) / parts);
    }
}
