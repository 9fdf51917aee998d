namespace EdsrIlgpu.Kernels;

/// <summary>
/// The affine map between pixels and the network's range, for up to four interleaved channels. On the way in
/// v = p · gain + offset[c]; on the way out p = (v + offset[c]) · gain, each with an affine map of its own.
/// </summary>
/// <param name="Gain">Factor, the same for every channel.</param>
/// <param name="Offset0">Offset of channel 0.</param>
/// <param name="Offset1">Offset of channel 1.</param>
/// <param name="Offset2">Offset of channel 2.</param>
/// <param name="Offset3">Offset of channel 3.</param>
public readonly record struct PixelAffine(float Gain, float Offset0 = 0, float Offset1 = 0, float Offset2 = 0, float Offset3 = 0)
{
    /// <summary>Most channels a pixel can have.</summary>
    public const int MaxChannels = 4;

    /// <summary>The offset of channel <paramref name="c"/>, 0 to 3.</summary>
    public float Offset(int c) => c == 0 ? Offset0 : c == 1 ? Offset1 : c == 2 ? Offset2 : Offset3;

    /// <summary>The map that undoes this one: used on the way out after this one on the way in, or the other way round.</summary>
    public PixelAffine Inverse => new(1 / Gain, -Offset0, -Offset1, -Offset2, -Offset3);

    /// <summary>This map, made for values of 0–255, for samples of 0 to <paramref name="max"/>, which stands for 255.</summary>
    internal PixelAffine ForSamplesTo(float max) => this with { Gain = Gain * (byte.MaxValue / max) };

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"gain {Gain}, offsets {Offset0}, {Offset1}, {Offset2}, {Offset3}");
}
