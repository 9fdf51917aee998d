namespace EdsrIlgpu.Metrics;

/// <summary>
/// SSIM of Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment: from error visibility to structural similarity" (2004), as
/// their ssim_index computes it: Gaussian window 11 × 11, σ 1.5, only where the window lies inside; C1 = (0.01 · 255)², C2 = (0.03 · 255)².
/// </summary>
internal static class StructuralSimilarity
{
    /// <summary>Side of the window.</summary>
    public const int Window = 11;

    private const double C1 = 0.01 * 255 * (0.01 * 255), C2 = 0.03 * 255 * (0.03 * 255);
    private static readonly double[] Gaussian = BuildGaussian();

    /// <summary>The mean over all positions of the window.</summary>
    /// <param name="x">One plane, row by row.</param>
    /// <param name="y">The other.</param>
    /// <param name="width">At least <see cref="Window"/>.</param>
    /// <param name="height">At least <see cref="Window"/>.</param>
    public static double Of(byte[] x, byte[] y, int width, int height)
    {
        // The window is separable: first along columns into a line of each moment, then along the line. Rows are summed apart and in
        // order, so that the result does not depend on the threads.
        int positions = width - Window + 1;
        var rowSums = new double[height - Window + 1];
        Parallel.For(0, rowSums.Length, () => new Moments(width), (row, _, moments) =>
        {
            moments.Clear();
            for (int k = 0; k < Window; k++)
                moments.Add(Gaussian[k], x.AsSpan((row + k) * width, width), y.AsSpan((row + k) * width, width));
            double sum = 0;
            for (int i = 0; i < positions; i++)
                sum += At(moments, i);
            rowSums[row] = sum;
            return moments;
        }, _ => { });
        return rowSums.Sum() / ((double)positions * rowSums.Length);
    }

    private static double At(Moments moments, int position)
    {
        double x = 0, y = 0, xx = 0, yy = 0, xy = 0;
        for (int k = 0; k < Window; k++)
        {
            double weight = Gaussian[k];
            x += weight * moments.X[position + k];
            y += weight * moments.Y[position + k];
            xx += weight * moments.XX[position + k];
            yy += weight * moments.YY[position + k];
            xy += weight * moments.XY[position + k];
        }
        double varianceX = xx - x * x, varianceY = yy - y * y, covariance = xy - x * y;
        return (2 * x * y + C1) * (2 * covariance + C2) / ((x * x + y * y + C1) * (varianceX + varianceY + C2));
    }

    private static double[] BuildGaussian()
    {
        var weights = Enumerable.Range(-(Window / 2), Window).Select(d => Math.Exp(-d * d / (2 * 1.5 * 1.5))).ToArray();
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
    }

    /// <summary>Weighted sums of x, y, x², y² and x·y down a column, for every column.</summary>
    private sealed class Moments(int width)
    {
        public readonly double[] X = new double[width], Y = new double[width], XX = new double[width], YY = new double[width], XY = new double[width];

        public void Clear()
        {
            foreach (var line in (double[][])[X, Y, XX, YY, XY])
                Array.Clear(line);
        }

        public void Add(double weight, ReadOnlySpan<byte> x, ReadOnlySpan<byte> y)
        {
            for (int i = 0; i < x.Length; i++)
            {
                double a = x[i], b = y[i];
                X[i] += weight * a;
                Y[i] += weight * b;
                XX[i] += weight * (a * a);
                YY[i] += weight * (b * b);
                XY[i] += weight * (a * b);
            }
        }
    }
}
