namespace EdsrIlgpu.Kernels;

/// <summary>
/// How one convolution will be computed on one device: chosen once from the whole picture's shape, then launched as often as
/// one likes, for any range of rows.
/// </summary>
public abstract class ConvPlan
{
    private protected ConvPlan(Conv2dShape shape, Epilogue epilogue, string variant) =>
        (Shape, Epilogue, Variant) = (shape, epilogue, variant);

    /// <summary>The convolution, of the whole picture.</summary>
    public Conv2dShape Shape { get; }

    /// <summary>What happens to the sums.</summary>
    public Epilogue Epilogue { get; }

    /// <summary>Name of the variant that computes it.</summary>
    public string Variant { get; }

    /// <summary>Input rows that are read beyond the first and the last row of a range.</summary>
    public virtual int Reach => 1;

    /// <summary>Ranges of rows begin and end at multiples of this (or at the picture's end).</summary>
    public virtual int RowAlign => 1;

    /// <summary>A filter [K, 3, 3, C] and a bias [K] in the order in which this plan's variant reads them.</summary>
    internal abstract float[] PackDense(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias);

    private protected void CheckFilter(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias)
    {
        if (filter.Length != Shape.FilterLength || bias.Length != Shape.K)
            throw new ArgumentException($"{Shape} needs {Shape.FilterLength} filter and {Shape.K} bias values, not {filter.Length} and {bias.Length}.");
    }
}
