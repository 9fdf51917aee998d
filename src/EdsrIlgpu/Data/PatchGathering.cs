using System.Numerics;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Data;

/// <summary>Copies patches out of the pictures in the host's memory, one after the other.</summary>
/// <typeparam name="T">byte or ushort, the pictures' samples.</typeparam>
internal sealed class PatchGathering<T>(TrainingPictures pictures) where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
{
    // Levels of 0–255 by which neighbours differ on average; what a sky or a blurred background has.
    private const double FlatBelow = 1;

    private readonly PatchOptions options = pictures.Options;
    private readonly T[][] hr = [.. pictures.Pairs.Select(p => p.Hr.Samples<T>())];
    private readonly T[]?[] lr = [.. pictures.Pairs.Select(p => p.Lr?.Samples<T>())];

    /// <summary>Samples of a batch's HR patches.</summary>
    public static int HrLength(PatchOptions options) => checked(options.Batch * options.HrPatch * options.HrPatch * options.Channels);

    /// <summary>Samples of a batch's LR patches.</summary>
    public static int LrLength(PatchOptions options) => checked(options.Batch * options.Patch * options.Patch * options.Channels);

    /// <summary>Copies patches, not yet turned, and says where they now lie and how they are to be turned. LR patches that have no picture are not copied.</summary>
    /// <param name="places">The patches.</param>
    /// <param name="hrPatches"><see cref="HrLength"/> samples.</param>
    /// <param name="hrCuts">One for each.</param>
    /// <param name="lrPatches"><see cref="LrLength"/> samples; may be empty where there are no LR pictures.</param>
    /// <param name="lrCuts">One for each.</param>
    public void Gather(ReadOnlySpan<PatchPlace> places, Span<T> hrPatches, Span<PatchCut> hrCuts, Span<T> lrPatches, Span<PatchCut> lrCuts)
    {
        for (int n = 0; n < places.Length; n++)
        {
            var place = places[n];
            hrCuts[n] = PatchCut.OfDense(n, options.HrPatch, options.Channels, place.Turn);
            lrCuts[n] = DenseLrCut(place, n);
            Copy(hr[place.Picture], HrCut(place, 0), options.HrPatch, hrPatches[(int)hrCuts[n].Offset..]);
            if (lr[place.Picture] is { } low)
                Copy(low, LrCut(place, 0), options.Patch, lrPatches[(int)lrCuts[n].Offset..]);
        }
    }

    /// <summary>The HR patch in its picture, which begins at <paramref name="offset"/>.</summary>
    public PatchCut HrCut(PatchPlace place, long offset)
    {
        var pair = pictures.Pairs[place.Picture];
        int factor = pair.Lr is null ? 1 : options.Scale;
        return new PatchCut(offset, pair.Hr.Width * options.Channels, place.X * factor, place.Y * factor, place.Turn);
    }

    /// <summary>The LR patch in its picture, which begins at <paramref name="offset"/>.</summary>
    public PatchCut LrCut(PatchPlace place, long offset) =>
        new(offset, pictures.Pairs[place.Picture].Lr!.Width * options.Channels, place.X, place.Y, place.Turn);

    /// <summary>The LR patch among the patches of a batch that stand one after the other.</summary>
    public PatchCut DenseLrCut(PatchPlace place, int n) => PatchCut.OfDense(n, options.Patch, options.Channels, place.Turn);

    /// <summary>Whether neighbouring samples of the HR patch, along rows and columns, differ by less than a level of 255 on average.</summary>
    public bool IsFlat(PatchPlace place)
    {
        var cut = HrCut(place, 0);
        var samples = hr[place.Picture].AsSpan();
        int length = (options.HrPatch - 1) * options.Channels;
        long sum = 0;
        for (int row = 0; row < options.HrPatch - 1; row++)
        {
            var line = samples[(int)cut.Sample(row, 0, options.Channels)..];
            for (int i = 0; i < length; i++)
            {
                int sample = int.CreateTruncating(line[i]);
                sum += Math.Abs(sample - int.CreateTruncating(line[i + options.Channels])) + Math.Abs(sample - int.CreateTruncating(line[i + cut.Pitch]));
            }
        }
        double level = double.CreateTruncating(T.MaxValue) / byte.MaxValue;
        return sum < FlatBelow * level * 2 * length * (options.HrPatch - 1);
    }

    private void Copy(T[] picture, PatchCut cut, int size, Span<T> patch)
    {
        int length = size * options.Channels;
        for (int row = 0; row < size; row++)
            picture.AsSpan((int)cut.Sample(row, 0, options.Channels), length).CopyTo(patch[(row * length)..]);
    }
}
