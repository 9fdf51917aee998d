namespace EdsrIlgpu.Kernels;

/// <summary>
/// What the Python Imaging Library's bilinear resize reads along one axis when it makes a side smaller by a whole factor s, in its
/// fixed-point arithmetic for 8-bit pictures: a triangle of width 2·s around each output's centre, cut off at the sides and normalised
/// to 1, as whole multiples of 2⁻²². (Read from Pillow's src/libImaging/Resample.c.)
/// </summary>
public sealed class BilinearTaps
{
    /// <summary>Weights are multiples of 2 to the minus this.</summary>
    internal const int FractionBits = 22;

    private readonly int[] table;

    /// <summary>For patches of one size.</summary>
    /// <param name="size">Width and height of the reduced patches, at least 1.</param>
    /// <param name="scale">Factor by which they are reduced, at least 1.</param>
    public BilinearTaps(int size, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        (Size, Scale) = (size, scale);
        Count = Math.Min(2 * scale, size * scale);
        table = new int[size * Stride];
        for (int i = 0; i < size; i++)
        {
            double centre = (i + 0.5) * scale;
            int first = Math.Max((int)(centre - scale + 0.5), 0), end = Math.Min((int)(centre + scale + 0.5), size * scale);
            double Weight(int position) => Math.Max(0, 1 - Math.Abs((position - centre + 0.5) / scale));
            double sum = 0;
            for (int position = first; position < end; position++)
                sum += Weight(position);
            // At the sides there are fewer; those left over weigh nothing but are read, so that they too lie inside.
            int start = Math.Min(first, size * scale - Count);
            table[i * Stride] = start;
            for (int position = first; position < end; position++)
                table[i * Stride + 1 + position - start] = (int)(0.5 + Weight(position) / sum * (1 << FractionBits));
        }
    }

    /// <summary>Width and height of the reduced patches.</summary>
    public int Size { get; }

    /// <summary>Factor by which they are reduced.</summary>
    public int Scale { get; }

    /// <summary>For each output the first position that it reads, and the weights of it and those that follow: <see cref="Count"/> + 1 numbers.</summary>
    public ReadOnlySpan<int> Table => table;

    /// <summary>Taps of an output.</summary>
    public int Count { get; }

    /// <summary>Numbers of <see cref="Table"/> for one output.</summary>
    internal int Stride => Count + 1;
}
