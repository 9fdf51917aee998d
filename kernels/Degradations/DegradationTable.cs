namespace EdsrIlgpu.Kernels;

/// <summary>
/// Everything but pixels that the degradation kernels read, in one array of floats: the matrix of the 8-point cosine transform, JPEG's
/// quantisation tables, then for each patch its strengths and the weights of its blur.
/// </summary>
public static class DegradationTable
{
    /// <summary>Farthest pixel that a blur reads: three standard deviations of the strongest.</summary>
    internal const int MaxRadius = 12;

    /// <summary>Side of JPEG's blocks.</summary>
    internal const int Block = 8;

    /// <summary>Pixels of a block.</summary>
    internal const int BlockPixels = Block * Block;

    /// <summary>Where the quantisation table of luma begins, behind the transform's matrix; that of chroma follows.</summary>
    internal const int Quantisation = BlockPixels;

    /// <summary>Where the patches' parts begin.</summary>
    internal const int Patches = 3 * BlockPixels;

    /// <summary>In a patch's part: the blur's radius.</summary>
    internal const int Radius = 0;

    /// <summary>In a patch's part: the noise's standard deviation.</summary>
    internal const int Noise = 1;

    /// <summary>In a patch's part: what JPEG's tables are multiplied by, in percent; 0 for no JPEG.</summary>
    internal const int TableScale = 2;

    /// <summary>In a patch's part: the blur's weights at distances 0, 1, ….</summary>
    internal const int Weights = 3;

    /// <summary>Numbers of a patch's part.</summary>
    internal const int Stride = Weights + MaxRadius + 1;

    // ITU-T T.81, tables K.1 and K.2, row by row.
    private static ReadOnlySpan<byte> Luma =>
    [
        16, 11, 10, 16, 24, 40, 51, 61,
        12, 12, 14, 19, 26, 58, 60, 55,
        14, 13, 16, 24, 40, 57, 69, 56,
        14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77,
        24, 35, 55, 64, 81, 104, 113, 92,
        49, 64, 78, 87, 103, 121, 120, 101,
        72, 92, 95, 98, 112, 100, 103, 99,
    ];

    private static ReadOnlySpan<byte> Chroma =>
    [
        17, 18, 24, 47, 99, 99, 99, 99,
        18, 21, 26, 66, 99, 99, 99, 99,
        24, 26, 56, 99, 99, 99, 99, 99,
        47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99,
    ];

    /// <summary>Length of the array for <paramref name="patches"/> patches.</summary>
    public static int Length(int patches) => checked(Patches + patches * Stride);

    /// <summary>Writes the part that is the same for all patches.</summary>
    /// <param name="table">At least <see cref="Length"/> of no patches.</param>
    public static void WriteConstants(Span<float> table)
    {
        // Row u: c(u)/2 · cos((2x + 1)·u·π/16), c(0) = √½: orthonormal, which is T.81's scaling.
        for (int u = 0; u < Block; u++)
            for (int x = 0; x < Block; x++)
                table[u * Block + x] = (float)((u == 0 ? Math.Sqrt(0.5) : 1) / 2 * Math.Cos((2 * x + 1) * u * Math.PI / 16));
        for (int i = 0; i < BlockPixels; i++)
            (table[Quantisation + i], table[Quantisation + BlockPixels + i]) = (Luma[i], Chroma[i]);
    }

    /// <summary>Writes the patches' parts.</summary>
    /// <param name="table">At least <see cref="Length"/> of so many patches.</param>
    /// <param name="strengths">One for each patch.</param>
    /// <exception cref="ArgumentException">A strength is out of range.</exception>
    public static void WriteStrengths(Span<float> table, ReadOnlySpan<Degradation> strengths)
    {
        for (int n = 0; n < strengths.Length; n++)
        {
            var (blur, noise, quality) = strengths[n];
            if (!(blur >= 0 && blur <= Degradation.MaxBlur && noise >= 0 && float.IsFinite(noise) && quality is >= 0 and <= 100))
                throw new ArgumentException($"Not a degradation: {strengths[n]}.", nameof(strengths));
            var part = table.Slice(Patches + n * Stride, Stride);
            part.Clear();
            int radius = (int)MathF.Ceiling(3 * blur);
            part[Radius] = radius;
            part[Noise] = noise;
            part[TableScale] = JpegTableScale(quality);
            double sum = 1;
            for (int d = 1; d <= radius; d++)
                sum += 2 * Gaussian(d, blur);
            for (int d = 0; d <= radius; d++)
                part[Weights + d] = (float)((d == 0 ? 1 : Gaussian(d, blur)) / sum);
        }
    }

    /// <summary>A base table's entry at a table scale in percent, by libjpeg's rule.</summary>
    internal static float Quantum(float entry, float tableScale)
    {
        int quantum = ((int)entry * (int)tableScale + 50) / 100;
        return quantum < 1 ? 1 : quantum > byte.MaxValue ? byte.MaxValue : quantum;
    }

    /// <summary>What libjpeg multiplies T.81's tables by, in percent. At 100 nothing is left of them, and 1 is as good as that.</summary>
    private static int JpegTableScale(int quality) => quality == 0 ? 0 : quality < 50 ? 5000 / quality : Math.Max(1, 200 - 2 * quality);

    private static double Gaussian(double distance, double deviation) => Math.Exp(-distance * distance / (2 * deviation * deviation));
}
