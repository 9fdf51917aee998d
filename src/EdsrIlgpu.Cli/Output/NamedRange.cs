using EdsrIlgpu.Models;

namespace EdsrIlgpu.Cli.Output;

/// <summary>A range of pixels that networks are trained in, with the name that it has on the command line.</summary>
internal sealed record NamedRange(string Name, PixelRange Range)
{
    /// <summary>0–255, [0, 1], both with and without the mean of DIV2K subtracted, and [−1, 1].</summary>
    public static IReadOnlyList<NamedRange> All { get; } =
        [new("255-mean", PixelRange.EdsrPyTorch), new("255", PixelRange.Byte), new("unit-mean", PixelRange.UnitMean), new("unit", PixelRange.Unit), new("signed", PixelRange.SignedUnit)];

    /// <summary>A range as people are told of it, by its name first if it has one.</summary>
    public static string Of(PixelRange range) => All.FirstOrDefault(r => IsNear(r.Range, range)) is { } named ? $"{named.Name}, {range}" : range.ToString();

    // Files hold means that were computed in other orders.
    private static bool IsNear(PixelRange a, PixelRange b) =>
        IsNear([a.Gain], [b.Gain]) && IsNear(a.InputOffset, b.InputOffset) && IsNear(a.OutputOffset, b.OutputOffset);

    private static bool IsNear(float[] a, float[] b) => a.Length == b.Length && a.Zip(b).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-6f * Math.Abs(pair.First));
}
