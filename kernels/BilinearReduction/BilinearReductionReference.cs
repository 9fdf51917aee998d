namespace EdsrIlgpu.Kernels;

/// <summary>The Python Imaging Library's bilinear reduction as a definition: two passes, weights in double, each rounded to whole samples.</summary>
public static class BilinearReductionReference
{
    /// <summary>A dense [P, P, C] picture at 1/<paramref name="scale"/> of its size.</summary>
    /// <param name="x">Samples.</param>
    /// <param name="size">P, a multiple of the scale.</param>
    /// <param name="channels">C.</param>
    /// <param name="scale">Factor.</param>
    public static int[] Forward(ReadOnlySpan<int> x, int size, int channels, int scale)
    {
        int small = size / scale;
        var between = new int[size * small * channels];
        for (int row = 0; row < size; row++)
            for (int i = 0; i < small; i++)
                for (int c = 0; c < channels; c++)
                {
                    double sum = 0;
                    foreach (var (position, weight) in Taps(i, size, scale))
                        sum += weight * x[(row * size + position) * channels + c];
                    between[(row * small + i) * channels + c] = (int)Math.Floor(sum + 0.5);
                }
        var y = new int[small * small * channels];
        for (int i = 0; i < small; i++)
            for (int column = 0; column < small; column++)
                for (int c = 0; c < channels; c++)
                {
                    double sum = 0;
                    foreach (var (position, weight) in Taps(i, size, scale))
                        sum += weight * between[(position * small + column) * channels + c];
                    y[(i * small + column) * channels + c] = (int)Math.Floor(sum + 0.5);
                }
        return y;
    }

    private static IEnumerable<(int Position, double Weight)> Taps(int output, int size, int scale)
    {
        double Weight(int position) => Math.Max(0, 1 - Math.Abs(position + 0.5 - (output + 0.5) * scale) / scale);
        double sum = Enumerable.Range(0, size).Sum(Weight);
        return from position in Enumerable.Range(0, size) where Weight(position) > 0 select (position, Weight(position) / sum);
    }
}
