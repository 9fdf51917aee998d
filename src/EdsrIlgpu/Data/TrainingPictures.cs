using System.Runtime.ExceptionServices;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Data;

/// <summary>
/// The pictures that patches are cut from, decoded once and kept in the host's memory: one byte a sample, or two if any picture has
/// 16 bits.
/// </summary>
public sealed class TrainingPictures
{
    private TrainingPictures(PatchOptions options, IReadOnlyList<TrainingPair> pairs, IReadOnlyList<SkippedPicture> skipped) =>
        (Options, Pairs, Skipped) = (options, pairs, skipped);

    /// <summary>What they were loaded for.</summary>
    public PatchOptions Options { get; }

    /// <summary>The pictures, in their source's order; at least one.</summary>
    public IReadOnlyList<TrainingPair> Pairs { get; }

    /// <summary>What could not be used, in the source's order.</summary>
    public IReadOnlyList<SkippedPicture> Skipped { get; }

    /// <summary>Bits of every sample, 8 or 16.</summary>
    public int Bits => Pairs[0].Hr.Bits;

    /// <summary>Bytes that the samples of all pictures take.</summary>
    public long Bytes => Pairs.Sum(p => p.Hr.SampleCount + (p.Lr?.SampleCount ?? 0)) * Bits / 8;

    /// <summary>Whether there are no LR pictures: LR patches are made of HR patches.</summary>
    internal bool MakesLrOfPatches => Pairs[0].Lr is null;

    /// <summary>
    /// Decodes all pictures and makes, or reads, their LR partners. A picture that cannot be read, has no partner or one of another
    /// size, or is smaller than a patch, is left out and told of in <see cref="Skipped"/>.
    /// </summary>
    /// <param name="hr">The high-resolution pictures; sides are cut to multiples of the scale at the right and bottom.</param>
    /// <param name="lr">
    /// The low-resolution pictures, paired by name without extension: of <c>a/0001.png</c> the partner is <c>a/0001x2.png</c> or
    /// <c>X2/a/0001x2.png</c>, as in DIV2K and EDSR-PyTorch, or <c>a/0001.png</c>; an <c>_HR</c> at the end of the one may be <c>_LR</c>
    /// in the other. Null to make them as the options say.
    /// </param>
    /// <param name="options">Scale, channels, and the size of a patch.</param>
    /// <param name="progress">Told the share of the pictures that is done, 0 to 1; may be null.</param>
    /// <param name="cancel">Honoured between two pictures.</param>
    /// <exception cref="EdsrException">No picture is left, names are not unique, or the options do not fit.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public static TrainingPictures Load(IPictureSource hr, IPictureSource? lr, PatchOptions options, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        options.Validate();
        if (lr is not null && options.Reduction != Reduction.Bicubic)
            throw new EdsrException("LR pictures are given, so none are made of the patches: leave out the one or the other.");
        var partners = lr is null ? null : new LrPartners(lr, options.Scale);
        var results = new object[hr.Count];
        int done = 0;
        try
        {
            Parallel.For(0, hr.Count, new ParallelOptions { CancellationToken = cancel }, i =>
            {
                try
                {
                    results[i] = LoadPair(hr, i, partners, options);
                }
                catch (EdsrException problem)
                {
                    results[i] = new SkippedPicture(hr.Name(i), problem.Message);
                }
                progress?.Report((double)Interlocked.Increment(ref done) / results.Length);
            });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
        SkippedPicture[] skipped = [.. results.OfType<SkippedPicture>()];
        TrainingPair[] pairs = [.. results.OfType<TrainingPair>()];
        if (pairs.Length == 0)
            throw new EdsrException(skipped.Length == 0
                ? "There are no pictures to train on."
                : $"None of {skipped.Length} {(skipped.Length == 1 ? "picture" : "pictures")} can be trained on. The first: {skipped[0].Reason}");
        if (pairs.Any(p => p.Hr.Bits == 16 || p.Lr?.Bits == 16))
            pairs = Array.ConvertAll(pairs, p => p with { Hr = p.Hr.To16Bits(), Lr = p.Lr?.To16Bits() });
        return new TrainingPictures(options, pairs, skipped);
    }

    /// <summary>Sets some pictures apart for validation: drawn by the options' seed, the same of the same pictures.</summary>
    /// <param name="count">How many; less than there are.</param>
    /// <returns>The rest, and those set apart; both in the source's order.</returns>
    /// <exception cref="EdsrException">Nothing would be left to train on.</exception>
    public (TrainingPictures Training, IReadOnlyList<TrainingPair> Validation) HoldOut(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count >= Pairs.Count)
            throw new EdsrException($"{count} of {Pairs.Count} pictures cannot be held out for validation: nothing would be left to train on. Give more pictures, or others to validate with.");
        var held = Enumerable.Range(0, Pairs.Count)
            .OrderBy(i => Philox.Draw(Options.Seed, (uint)RandomPurpose.HoldOut, 0, (uint)i).A).ThenBy(i => i)
            .Take(count).ToHashSet();
        return (
            new TrainingPictures(Options, [.. Pairs.Where((_, i) => !held.Contains(i))], Skipped),
            [.. Pairs.Where((_, i) => held.Contains(i))]);
    }

    private static TrainingPair LoadPair(IPictureSource hr, int index, LrPartners? partners, PatchOptions options)
    {
        string name = hr.Name(index);
        int scale = options.Scale;
        var high = hr.Load(index).WithChannels(options.Channels);
        if (Math.Min(high.Width, high.Height) < options.HrPatch)
            throw new EdsrException($"{name}: {high.Width} × {high.Height} pixels are too few for patches of {options.HrPatch} × {options.HrPatch} ({options.Patch} at scale {scale}).");
        if (partners is null && options.Reduction == Reduction.Bilinear)
            return new TrainingPair(name, high, null);
        int width = high.Width / scale, height = high.Height / scale;
        var cropped = high.CropTo(width * scale, height * scale);
        if (partners is null)
            return new TrainingPair(name, cropped, cropped.Downscale(scale));
        var low = partners.Load(name).WithChannels(options.Channels);
        if ((low.Width, low.Height) != (width, height))
            throw new EdsrException($"{name}: its LR partner has {low.Width} × {low.Height} pixels, and {width} × {height} would be {high.Width} × {high.Height} at scale {scale}.");
        return new TrainingPair(name, cropped, low);
    }
}
