namespace EdsrIlgpu.Data;

/// <summary>Which patches a network is trained on.</summary>
/// <param name="Scale">Factor between LR and HR, at least 1.</param>
public sealed record PatchOptions(int Scale)
{
    /// <summary>Channels of the network, 1 or 3. Grey pictures become RGB of equal channels, RGB pictures their luma.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>Width and height of an LR patch in pixels.</summary>
    public int Patch { get; init; } = 48;

    /// <summary>Patches of a batch.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>What all that is random follows from.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How LR pictures are made where none are given.</summary>
    public Reduction Reduction { get; init; }

    /// <summary>
    /// Whether patches are drawn anew, up to <see cref="PatchSampler.MostDraws"/> times, while there is next to nothing to be seen in
    /// them.
    /// </summary>
    public bool SkipFlat { get; init; }

    /// <summary>How LR patches are made worse; null for not at all.</summary>
    public DegradationRanges? Degradations { get; init; }

    /// <summary>Width and height of an HR patch in pixels.</summary>
    public int HrPatch => checked(Patch * Scale);

    /// <exception cref="EdsrException">A value is out of range.</exception>
    internal void Validate()
    {
        Require(Scale >= 1, $"The scale is at least 1, not {Scale}.");
        Require(Channels is 1 or 3, $"Networks are trained with 1 or 3 channels, not {Channels}.");
        Require(Patch >= 1 && (long)Patch * Scale <= 1 << 14, $"LR patches have a width of 1 to {(1 << 14) / Scale} at scale {Scale}, not {Patch}.");
        Require(Batch is >= 1 and <= 1 << 16, $"A batch has 1 to {1 << 16} patches, not {Batch}.");
        Require((long)Batch * Patch * Scale * Patch * Scale * Channels <= Array.MaxLength, $"A batch of {Batch} patches of {Patch * Scale} × {Patch * Scale} pixels is too large: take fewer, or smaller ones.");
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
            throw new EdsrException(otherwise);
    }
}
