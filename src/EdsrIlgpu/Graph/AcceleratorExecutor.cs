using EdsrIlgpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Graph;

/// <summary>Runs a network on an ILGPU accelerator, in one arena and on one stream of its own.</summary>
internal sealed class AcceleratorExecutor : Executor
{
    private readonly AcceleratorDevice device;
    private readonly AcceleratorStream stream;
    private readonly DeviceConvPlan?[] convolutions;
    private readonly DeviceFilter?[] filters;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> arena;
    private readonly DeviceMap<float>[] maps;

    // What the first and the last step read and write, as bytes or as floats; allocated when first asked for.
    private MemoryBuffer1D<byte, Stride1D.Dense>? pixelsIn, pixelsOut;
    private MemoryBuffer1D<float, Stride1D.Dense>? valuesIn, valuesOut;
    private PixelAffine load, store;
    private bool isPixels;

    /// <param name="device">The accelerator.</param>
    /// <param name="graph">The network.</param>
    /// <param name="plans">One per step; null where the step is no convolution.</param>
    /// <param name="filters">One per step, packed for its plan.</param>
    /// <param name="plan">The maps.</param>
    public AcceleratorExecutor(AcceleratorDevice device, LayerGraph graph, IReadOnlyList<ConvPlan?> plans, IReadOnlyList<DeviceFilter?> filters, MemoryPlan plan) : base(graph, plans, plan)
    {
        this.device = device;
        convolutions = [.. plans.Select(p => (DeviceConvPlan?)p)];
        this.filters = [.. filters];
        stream = device.Accelerator.CreateStream();
        try
        {
            arena = device.Allocate<float>(plan.Elements);
            var slots = plan.Slots.Select(slot => new DeviceMap<float>(arena.View.SubView(slot.Offset, slot.Shape.Elements), slot.Shape)).ToArray();
            foreach (var slot in slots)
                slot.ZeroBorders(device, stream);
            maps = [.. graph.Values.Select(v => slots[plan.SlotOf(v)])];
        }
        catch
        {
            arena?.Dispose();
            stream.Dispose();
            throw;
        }
    }

    /// <summary>What runs runs on it, in order.</summary>
    internal AcceleratorStream Stream => stream;

    /// <summary>A value's map; the plan must have kept every value.</summary>
    internal DeviceMap<float> Map(Value value) => maps[value.Id];

    public override void Run(ReadOnlySpan<byte> pixels, PixelAffine load, PixelAffine store, Span<byte> output, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        CheckLengths(pixels.Length, output.Length);
        (this.load, this.store, isPixels) = (load, store, true);
        Run(ref pixelsIn, pixels, ref pixelsOut, output, progress, cancel);
    }

    public override void Run(ReadOnlySpan<float> x, Span<float> y)
    {
        CheckLengths(x.Length, y.Length);
        isPixels = false;
        Run(ref valuesIn, x, ref valuesOut, y, null, default);
    }

    public override void Dispose()
    {
        try
        {
            stream.Synchronize();
        }
        finally
        {
            // After a launch that failed, waiting fails again; the memory is freed all the same.
            pixelsIn?.Dispose();
            pixelsOut?.Dispose();
            valuesIn?.Dispose();
            valuesOut?.Dispose();
            arena.Dispose();
            stream.Dispose();
        }
    }

    private protected override void Execute(int step, int y0, int y1)
    {
        switch (Graph.Steps[step])
        {
            case Conv2dStep conv:
                Conv2dKernels.Fprop(stream, convolutions[step]!, maps[conv.From.Id], filters[step]!, conv.Addend is null ? default : maps[conv.Addend.Id], maps[conv.To.Id], y0, y1);
                break;
            case ReluStep relu:
                ReluKernels.Forward(device, stream, maps[relu.From.Id], maps[relu.To.Id], y0, y1);
                break;
            case ScaledResidualAddStep add:
                ScaledResidualAddKernels.Forward(device, stream, maps[add.From.Id], maps[add.Addend.Id], add.Factor, maps[add.To.Id], y0, y1);
                break;
            case PixelShuffleStep shuffle:
                PixelShuffleKernels.Forward(device, stream, maps[shuffle.From.Id], shuffle.RowFactor, maps[shuffle.To.Id], y0, y1);
                break;
            case InputStep input when isPixels:
                PixelNormKernels.Load(device, stream, pixelsIn!.View, load, maps[input.To.Id], y0, y1);
                break;
            case InputStep input:
                MapCopyKernels.Load(device, stream, valuesIn!.View, maps[input.To.Id], y0, y1);
                break;
            case OutputStep output when isPixels:
                PixelNormKernels.Store(device, stream, maps[output.From.Id], store, pixelsOut!.View, y0, y1);
                break;
            case OutputStep output:
                MapCopyKernels.Store(device, stream, maps[output.From.Id], valuesOut!.View, y0, y1);
                break;
            case var unknown:
                throw new NotSupportedException($"Accelerators have no kernel for {unknown.GetType().Name}.");
        }
    }

    private protected override void Synchronize() => stream.Synchronize();

    private protected override void Read(Value value, Span<float> dense)
    {
        using var buffer = device.Allocate<float>(dense.Length);
        MapCopyKernels.Store(device, stream, maps[value.Id], buffer.View, 0, maps[value.Id].Shape.H);
        buffer.View.CopyToCPU(stream, dense);
        stream.Synchronize();
    }

    private void Run<T>(ref MemoryBuffer1D<T, Stride1D.Dense>? inBuffer, ReadOnlySpan<T> input, ref MemoryBuffer1D<T, Stride1D.Dense>? outBuffer, Span<T> output, IProgress<double>? progress, CancellationToken cancel)
        where T : unmanaged
    {
        inBuffer ??= device.Allocate<T>(input.Length);
        outBuffer ??= device.Allocate<T>(output.Length);
        inBuffer.View.CopyFromCPU(stream, input);
        RunSteps(progress, cancel);
        outBuffer.View.CopyToCPU(stream, output);
        stream.Synchronize();
    }
}
