namespace EdsrIlgpu.Resampling;

/// <summary>
/// For every output position along one axis the input positions it reads, and their weights. By the rule of MATLAB's imresize:
/// output i (from 1) lies at u = i/s + (1 − 1/s)/2 of the input, s = output / input size; where s &lt; 1 the kernel is stretched by 1/s,
/// which keeps frequencies out that the output cannot hold; the weights of one output sum to 1.
/// </summary>
internal sealed class Taps
{
    private Taps(int input, int output, int count) =>
        (Input, Output, Count, Index, Weight) = (input, output, count, new int[output * count], new double[output * count]);

    /// <summary>Input size.</summary>
    public int Input { get; }

    /// <summary>Output size.</summary>
    public int Output { get; }

    /// <summary>Taps of one output.</summary>
    public int Count { get; }

    /// <summary>Input position of tap k of output i, at i · Count + k.</summary>
    public int[] Index { get; }

    /// <summary>Weight of tap k of output i, at i · Count + k.</summary>
    public double[] Weight { get; }

    /// <param name="input">Input size, at least 1.</param>
    /// <param name="output">Output size, at least 1.</param>
    /// <param name="kernel">The kernel at distance x, zero outside ±<paramref name="kernelWidth"/>/2.</param>
    /// <param name="kernelWidth">Width of the unstretched kernel.</param>
    /// <param name="border">What is read beyond the edge; null leaves it out of the sum.</param>
    public static Taps Build(int input, int output, Func<double, double> kernel, double kernelWidth, Border? border)
    {
        double scale = (double)output / input;
        double shrink = Math.Min(scale, 1);
        double width = kernelWidth / shrink;
        var taps = new Taps(input, output, (int)Math.Ceiling(width) + 2);
        for (int i = 0; i < output; i++)
        {
            double u = (i + 1) / scale + 0.5 * (1 - 1 / scale);
            double left = Math.Floor(u - width / 2);
            double sum = 0;
            for (int k = 0; k < taps.Count; k++)
            {
                double position = left + k;
                bool reads = border is not null || (position >= 1 && position <= input);
                double weight = reads ? shrink * kernel(shrink * (u - position)) : 0;
                taps.Weight[i * taps.Count + k] = weight;
                taps.Index[i * taps.Count + k] = Inside((long)position - 1, input, border);
                sum += weight;
            }
            for (int k = 0; k < taps.Count; k++)
                taps.Weight[i * taps.Count + k] /= sum;
        }
        return taps.WithoutZeroColumns();
    }

    /// <summary>The position that stands in for one beyond the edge. Symmetric has the period 2n, so that pictures smaller than the kernel work.</summary>
    private static int Inside(long position, int n, Border? border)
    {
        if (border != Border.Symmetric)
            return (int)Math.Clamp(position, 0, n - 1);
        long folded = (position % (2L * n) + 2L * n) % (2L * n);
        return (int)(folded < n ? folded : 2L * n - 1 - folded);
    }

    /// <summary>Without the taps that no output uses, at either end.</summary>
    private Taps WithoutZeroColumns()
    {
        bool Unused(int k) => Enumerable.Range(0, Output).All(i => Weight[i * Count + k] == 0);
        int first = 0, end = Count;
        while (first < end - 1 && Unused(first))
            first++;
        while (end > first + 1 && Unused(end - 1))
            end--;
        if (first == 0 && end == Count)
            return this;
        var taps = new Taps(Input, Output, end - first);
        for (int i = 0; i < Output; i++)
        {
            Array.Copy(Index, i * Count + first, taps.Index, i * taps.Count, taps.Count);
            Array.Copy(Weight, i * Count + first, taps.Weight, i * taps.Count, taps.Count);
        }
        return taps;
    }
}
