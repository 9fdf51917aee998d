using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;
using ILGPU.Runtime;

namespace EdsrIlgpu.Data;

/// <summary>
/// Draws batches of patches. Patch i of batch n is a function of the seed, n and i alone. Every place of every picture where a patch
/// fits is equally likely, whatever the pictures' sizes, and so is each of the eight turns: large pictures, which have more to show,
/// are seen more often. Places are counted in LR pixels where there is an LR picture, in HR pixels where LR patches are made of HR
/// patches. One batch is loaded at a time.
/// </summary>
public sealed class PatchSampler : IBatchSource
{
    /// <summary>Most draws for one patch with <see cref="PatchOptions.SkipFlat"/>; the last one is taken as it is.</summary>
    public const int MostDraws = 16;

    private readonly long[] endOfPlaces;
    private readonly HostPatches host;
    private readonly PatchBatch batch;
    private readonly PixelRange range;
    private readonly long? deviceBytes;
    private AcceleratorPatches? accelerator;

    /// <summary>Patches of pictures.</summary>
    /// <param name="pictures">The pictures; kept, not copied.</param>
    /// <param name="range">How samples become network values.</param>
    /// <param name="deviceBytes">
    /// How much of an accelerator's memory the pictures may take, a quarter of it if null. Where they need more, the patches of a batch are
    /// copied there; they are the same.
    /// </param>
    public PatchSampler(TrainingPictures pictures, PixelRange range, long? deviceBytes = null)
    {
        (Pictures, this.range, this.deviceBytes) = (pictures, range, deviceBytes);
        endOfPlaces = new long[pictures.Pairs.Count];
        long places = 0;
        for (int i = 0; i < endOfPlaces.Length; i++)
        {
            var (columns, rows) = Places(pictures.Pairs[i]);
            endOfPlaces[i] = places += (long)columns * rows;
        }
        batch = new PatchBatch(Options);
        host = HostPatches.Create(pictures, range.Load);
    }

    /// <summary>What patches are cut from.</summary>
    public TrainingPictures Pictures { get; }

    /// <summary>Which patches are drawn.</summary>
    public PatchOptions Options => Pictures.Options;

    /// <summary>Where patch <paramref name="index"/> of batch <paramref name="step"/> comes from.</summary>
    /// <param name="step">The batch's number, at least 0.</param>
    /// <param name="index">The patch's number, 0 to <see cref="PatchOptions.Batch"/> − 1.</param>
    public PatchPlace Place(long step, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Options.Batch);
        for (int draw = 0; ; draw++)
        {
            var random = Philox.Draw(Options.Seed, (uint)RandomPurpose.Patch, (ulong)step, (uint)(index * MostDraws + draw));
            long place = (long)Math.BigMul((ulong)random.A << 32 | random.B, (ulong)endOfPlaces[^1], out _);
            int picture = Array.BinarySearch(endOfPlaces, place + 1);
            picture = picture < 0 ? ~picture : picture;
            place -= picture == 0 ? 0 : endOfPlaces[picture - 1];
            int columns = Places(Pictures.Pairs[picture]).Columns;
            var drawn = new PatchPlace(picture, (int)(place % columns), (int)(place / columns), (Dihedral)(random.C & 7));
            if (!Options.SkipFlat || draw == MostDraws - 1 || !host.IsFlat(drawn))
                return drawn;
        }
    }

    /// <summary>The patches of a batch, LR and HR, as the network gets them, back in 8 bits.</summary>
    /// <param name="step">The batch's number, at least 0.</param>
    public unsafe IReadOnlyList<(Picture Lr, Picture Hr)> Show(long step)
    {
        using var device = new HostDevice();
        var lr = new MapShape(Options.Batch, Options.Patch, Options.Patch, Options.Channels);
        var hr = new MapShape(Options.Batch, Options.HrPatch, Options.HrPatch, Options.Channels);
        using var memory = new AlignedMemory<float>(lr.Elements + hr.Elements + hr.RowPitch);
        float* zeros = memory.Address + lr.Elements + hr.Elements;
        HostMap<float> x = new(memory.Address, zeros, lr), target = new(memory.Address + lr.Elements, zeros, hr);
        ((IBatchSource)this).Load(device, step, x, target);
        return [.. Split(device, x).Zip(Split(device, target))];
    }

    /// <summary>Frees what was allocated on the host and an accelerator, which is not yet disposed.</summary>
    public void Dispose()
    {
        accelerator?.Dispose();
        accelerator = null;
        host.Dispose();
    }

    void IBatchSource.Load(HostDevice device, long step, in HostMap<float> x, in HostMap<float> target)
    {
        RequireFits(x.Shape, target.Shape);
        batch.Draw(this, step);
        host.Load(device, batch, x, target);
    }

    void IBatchSource.Load(AcceleratorDevice device, AcceleratorStream stream, long step, DeviceMap<float> x, DeviceMap<float> target)
    {
        RequireFits(x.Shape, target.Shape);
        if (accelerator?.Device != device)
        {
            accelerator?.Dispose();
            accelerator = AcceleratorPatches.Create(device, Pictures, range.Load, deviceBytes);
        }
        batch.Draw(this, step);
        accelerator.Load(stream, batch, x, target);
    }

    /// <summary>The pictures of a map, brought back from the network's range.</summary>
    private unsafe Picture[] Split(HostDevice device, HostMap<float> map)
    {
        var (n, size, _, channels, _) = map.Shape;
        var pixels = new byte[n * size * size * channels];
        fixed (byte* to = pixels)
            PixelNormKernels.Store(device, map, range.Load.Inverse, to, 0, size);
        return [.. pixels.Chunk(size * size * channels).Select(p => new Picture(size, size, channels, p))];
    }

    /// <summary>Maps of other sizes would be filled from beyond the patches.</summary>
    private void RequireFits(MapShape x, MapShape target)
    {
        if ((x.N, x.H, x.W, x.C) != (Options.Batch, Options.Patch, Options.Patch, Options.Channels)
            || (target.N, target.H, target.W, target.C) != (Options.Batch, Options.HrPatch, Options.HrPatch, Options.Channels))
            throw new ArgumentException($"Batches of {Options.Batch} patches of {Options.Patch}×{Options.Patch} and {Options.HrPatch}×{Options.HrPatch}, {Options.Channels} channels, do not fit into {x} and {target}: a network is trained with the patches of its own settings.");
    }

    private (int Columns, int Rows) Places(TrainingPair pair)
    {
        var (picture, size) = pair.Lr is { } lr ? (lr, Options.Patch) : (pair.Hr, Options.HrPatch);
        return (picture.Width - size + 1, picture.Height - size + 1);
    }
}
