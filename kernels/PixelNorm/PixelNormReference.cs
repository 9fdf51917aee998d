namespace EdsrIlgpu.Kernels;

/// <summary>
/// Pixels to the network's range and back, in double, on dense arrays of interleaved pixels with at most four channels.
/// </summary>
public static class PixelNormReference
{
    /// <summary>v = p · gain + offset[c], of 8-bit pixels.</summary>
    public static double[] Load(ReadOnlySpan<byte> pixels, int channels, PixelAffine affine)
    {
        var v = new double[pixels.Length];
        for (int i = 0; i < v.Length; i++)
            v[i] = (double)pixels[i] * affine.Gain + affine.Offset(i % channels);
        return v;
    }

    /// <summary>v = p · gain + offset[c], of 16-bit pixels.</summary>
    public static double[] Load(ReadOnlySpan<ushort> pixels, int channels, PixelAffine affine)
    {
        var v = new double[pixels.Length];
        for (int i = 0; i < v.Length; i++)
            v[i] = (double)pixels[i] * affine.Gain + affine.Offset(i % channels);
        return v;
    }

    /// <summary>
    /// p = (v + offset[c]) · gain, clamped to [0, <paramref name="max"/>] but not yet rounded; a store adds a half and drops the
    /// fraction. NaN becomes 0.
    /// </summary>
    /// <param name="v">Values of the network.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="affine">The map on the way out.</param>
    /// <param name="max">255 for 8-bit pixels, 65535 for 16-bit ones.</param>
    public static double[] Store(ReadOnlySpan<double> v, int channels, PixelAffine affine, int max)
    {
        var p = new double[v.Length];
        for (int i = 0; i < p.Length; i++)
        {
            double value = (v[i] + affine.Offset(i % channels)) * affine.Gain;
            p[i] = value > 0 ? Math.Min(value, max) : 0;
        }
        return p;
    }
}
