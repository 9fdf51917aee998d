using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;
using ILGPU.Runtime;

namespace EdsrIlgpu.Data;

/// <summary>
/// Draws batches of patches. Patch i of batch n is a function of the seed, n and i alone. Every place of every picture where a patch
/// fits is equally likely, whatever the pictures' sizes, and so is each of the eight turns: large pictures, which have more to show,
/// are seen more often. Places are counted in LR pixels where there is an LR picture, in HR pixels where LR patches are made of HR
/// patches.
/// </summary>
public sealed class PatchSampler : IBatchSource
{
    /// <summary>Most draws for one patch with <see cref="PatchOptions.SkipFlat"/>; the last one is taken as it is.</summary>
    public const int MostDraws = 16;

    private readonly long[] endOfPlaces;
    private readonly HostPatches host;
    private readonly PatchPlace[] places;
    private readonly PixelRange range;

    /// <summary>Patches of pictures.</summary>
    /// <param name="pictures">The pictures; kept, not copied.</param>
    /// <param name="range">How samples become network values.</param>
    public PatchSampler(TrainingPictures pictures, PixelRange range)
    {
        (Pictures, this.range) = (pictures, range);
        endOfPlaces = new long[pictures.Pairs.Count];
        long places = 0;
        for (int i = 0; i < endOfPlaces.Length; i++)
        {
            var (columns, rows) = Places(pictures.Pairs[i]);
            endOfPlaces[i] = places += (long)columns * rows;
        }
        this.places = new PatchPlace[Options.Batch];
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

    /// <inheritdoc/>
    public void Dispose() => host.Dispose();

    void IBatchSource.Load(HostDevice device, long step, in HostMap<float> x, in HostMap<float> target)
    {
        DrawPlaces(step);
        host.Load(device, places, x, target);
    }

    void IBatchSource.Load(AcceleratorDevice device, AcceleratorStream stream, long step, DeviceMap<float> x, DeviceMap<float> target) => throw new NotSupportedException();

    private void DrawPlaces(long step)
    {
        for (int i = 0; i < places.Length; i++)
            places[i] = Place(step, i);
    }

    private (int Columns, int Rows) Places(TrainingPair pair)
    {
        var (picture, size) = pair.Lr is { } lr ? (lr, Options.Patch) : (pair.Hr, Options.HrPatch);
        return (picture.Width - size + 1, picture.Height - size + 1);
    }
}
