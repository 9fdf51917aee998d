namespace EdsrIlgpu.Kernels;

/// <summary>The steps by which patches are made worse as their definitions say them, in double, on dense [P, P, C] patches of values 0–255.</summary>
public static class DegradationReference
{
    /// <summary>Convolved with a sampled Gaussian, normalised, as far as three standard deviations; beyond the patch is its edge.</summary>
    public static double[] Blur(double[] x, int size, int channels, double deviation)
    {
        int radius = (int)Math.Ceiling(3 * deviation);
        double Weight(int d) => radius == 0 ? 1 : Math.Exp(-d * d / (2 * deviation * deviation));
        double norm = 0;
        for (int d = -radius; d <= radius; d++)
            norm += Weight(d);
        var y = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int row = i / channels / size, column = i / channels % size, c = i % channels;
            for (int u = -radius; u <= radius; u++)
                for (int v = -radius; v <= radius; v++)
                    y[i] += Weight(u) * Weight(v) / (norm * norm) * x[(Math.Clamp(row + u, 0, size - 1) * size + Math.Clamp(column + v, 0, size - 1)) * channels + c];
        }
        return y;
    }

    /// <summary>
    /// Through JPEG with libjpeg's tables for a quality, chroma in full resolution. ITU-T T.81, A.3.3 and A.3.4: the cosine transform as
    /// a fourfold sum; JFIF's colours, rounded to 8 bits before and after.
    /// </summary>
    public static double[] Jpeg(double[] x, int size, int channels, int quality)
    {
        var y = new double[x.Length];
        for (int top = 0; top < size; top += 8)
            for (int left = 0; left < size; left += 8)
            {
                double Sample(int row, int column, int c) => x[(Math.Min(top + row, size - 1) * size + Math.Min(left + column, size - 1)) * channels + c];
                var planes = new double[channels][];
                for (int c = 0; c < channels; c++)
                    planes[c] = Quantised(
                        (row, column) => Rounded(channels == 1 ? Sample(row, column, 0) - 128 : Component(Sample(row, column, 0), Sample(row, column, 1), Sample(row, column, 2), c)),
                        c == 0 ? Luma : Chroma, quality);
                for (int row = 0; row < 8 && top + row < size; row++)
                    for (int column = 0; column < 8 && left + column < size; column++)
                    {
                        double[] values = [.. planes.Select(p => Rounded(p[row * 8 + column]))];
                        double[] pixel = channels == 1
                            ? [values[0] + 128]
                            : [values[0] + 1.402 * values[2] + 128, values[0] - (0.114 * 1.772 * values[1] + 0.299 * 1.402 * values[2]) / 0.587 + 128, values[0] + 1.772 * values[1] + 128];
                        for (int c = 0; c < channels; c++)
                            y[((top + row) * size + left + column) * channels + c] = Math.Clamp(pixel[c], 0, 255);
                    }
            }
        return y;
    }

    private static double Rounded(double component) => Math.Clamp(Math.Floor(Math.Round(component, 6) + 0.5), -128, 127);

    private static double Component(double r, double g, double b, int c)
    {
        double luma = 0.299 * r + 0.587 * g + 0.114 * b;
        return c == 0 ? luma - 128 : c == 1 ? (b - luma) / 1.772 : (r - luma) / 1.402;
    }

    private static double[] Quantised(Func<int, int, double> sample, int[] table, int quality)
    {
        static double C(int u) => u == 0 ? Math.Sqrt(0.5) : 1;
        static double Cos(int x, int u) => Math.Cos((2 * x + 1) * u * Math.PI / 16);
        var coefficients = new double[64];
        for (int v = 0; v < 8; v++)
            for (int u = 0; u < 8; u++)
            {
                double sum = 0;
                for (int row = 0; row < 8; row++)
                    for (int column = 0; column < 8; column++)
                        sum += sample(row, column) * Cos(row, v) * Cos(column, u);
                int scale = quality < 50 ? 5000 / quality : 200 - 2 * quality;
                int quantum = Math.Clamp((table[v * 8 + u] * scale + 50) / 100, 1, 255);
                coefficients[v * 8 + u] = Math.Round(Math.Round(sum * C(u) * C(v) / 4, 6) / quantum, MidpointRounding.AwayFromZero) * quantum;
            }
        var samples = new double[64];
        for (int row = 0; row < 8; row++)
            for (int column = 0; column < 8; column++)
                for (int v = 0; v < 8; v++)
                    for (int u = 0; u < 8; u++)
                        samples[row * 8 + column] += C(u) * C(v) / 4 * coefficients[v * 8 + u] * Cos(row, v) * Cos(column, u);
        return samples;
    }

    private static int[] Luma { get; } = [.. Constants.Skip(DegradationTable.Quantisation).Take(64).Select(v => (int)v)];

    private static int[] Chroma { get; } = [.. Constants.Skip(DegradationTable.Quantisation + 64).Take(64).Select(v => (int)v)];

    private static float[] Constants
    {
        get
        {
            var table = new float[DegradationTable.Length(0)];
            DegradationTable.WriteConstants(table);
            return table;
        }
    }
}
