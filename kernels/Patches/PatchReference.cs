namespace EdsrIlgpu.Kernels;

/// <summary>Patches pixel by pixel, in double.</summary>
public static class PatchReference
{
    /// <summary>The turned patches in the network's range, [N, P, P, C].</summary>
    /// <param name="samples">The pictures that the cuts lie in.</param>
    /// <param name="max">255 for 8-bit samples, 65535 for 16-bit ones.</param>
    /// <param name="cuts">The patches.</param>
    /// <param name="size">Width and height of a patch, P.</param>
    /// <param name="channels">Samples of a pixel, C.</param>
    /// <param name="affine">The way in, for values of 0–255.</param>
    public static double[] Cut(ReadOnlySpan<ushort> samples, int max, ReadOnlySpan<PatchCut> cuts, int size, int channels, PixelAffine affine)
    {
        var result = new List<double>();
        foreach (var cut in cuts)
        {
            var patch = new List<double>();
            for (int row = 0; row < size; row++)
                for (int column = 0; column < size; column++)
                    for (int c = 0; c < channels; c++)
                    {
                        long at = cut.Offset + (long)(cut.Y + row) * cut.Pitch + (cut.X + column) * channels + c;
                        patch.Add(samples[(int)at] * 255.0 / max * affine.Gain + affine.Offset(c));
                    }
            result.AddRange(DihedralReference.Forward(patch.ToArray(), 1, size, size, channels, cut.Turn));
        }
        return [.. result];
    }
}
