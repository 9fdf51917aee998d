using System.Globalization;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Models;

/// <summary>
/// How pixels in 0–255 become network values and back: v[c] = pixel · <paramref name="Gain"/> + <paramref name="InputOffset"/>[c],
/// pixel = (v[c] + <paramref name="OutputOffset"/>[c]) / <paramref name="Gain"/>.
/// </summary>
/// <param name="Gain">1 for networks in 0–255, 1/255 for networks in [0, 1].</param>
/// <param name="InputOffset">Added after the gain; one value per channel, or one for all. Minus the mean.</param>
/// <param name="OutputOffset">Added to the network's output, in network units; one value per channel, or one for all. Plus the mean.</param>
public sealed record PixelRange(float Gain, float[] InputOffset, float[] OutputOffset)
{
    /// <summary>EDSR-PyTorch: 0–255, minus the DIV2K mean (0.4488, 0.4371, 0.4040)·255.</summary>
    public static PixelRange EdsrPyTorch { get; } = new(1, [-114.444f, -111.4605f, -103.02f], [114.444f, 111.4605f, 103.02f]);

    /// <summary>0–255, no mean.</summary>
    public static PixelRange Byte { get; } = new(1, [0], [0]);

    /// <summary>[0, 1], minus the DIV2K mean (0.4488, 0.4371, 0.4040).</summary>
    public static PixelRange UnitMean { get; } = new(1 / 255f, [-0.4488f, -0.4371f, -0.4040f], [0.4488f, 0.4371f, 0.4040f]);

    /// <summary>[0, 1], no mean.</summary>
    public static PixelRange Unit { get; } = new(1 / 255f, [0], [0]);

    /// <summary>[−1, 1], as the tutorial's (x − 0.5) / 0.5.</summary>
    public static PixelRange SignedUnit { get; } = new(2 / 255f, [-1], [1]);

    /// <summary>The way in, for 8-bit pixels.</summary>
    public PixelAffine Load => Affine(Gain, InputOffset);

    /// <summary>The way out, for 8-bit pixels.</summary>
    public PixelAffine Store => Affine(1 / Gain, OutputOffset);

    /// <inheritdoc/>
    public bool Equals(PixelRange? other) =>
        other is not null && Gain == other.Gain && InputOffset.AsSpan().SequenceEqual(other.InputOffset) && OutputOffset.AsSpan().SequenceEqual(other.OutputOffset);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Gain, InputOffset.Length, OutputOffset.Length);

    /// <inheritdoc/>
    public override string ToString()
    {
        return $"pixel · {Text(Gain)} + ({Text(InputOffset)}) in, + ({Text(OutputOffset)}) out";

        static string Text(params float[] values) => string.Join(", ", values.Select(v => v.ToString(CultureInfo.InvariantCulture)));
    }

    private static PixelAffine Affine(float gain, float[] offsets)
    {
        float Of(int channel) => offsets.Length == 1 ? offsets[0] : channel < offsets.Length ? offsets[channel] : 0;
        return new PixelAffine(gain, Of(0), Of(1), Of(2), Of(3));
    }
}
