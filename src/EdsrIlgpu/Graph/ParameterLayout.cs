namespace EdsrIlgpu.Graph;

/// <summary>
/// Where the parameters of a graph lie in one flat buffer: for each convolution, in the graph's order and tied ones once, its
/// filter [K, 3, 3, C], then its bias [K]. Each begins at a multiple of <see cref="Alignment"/> floats; the gaps are zero and stay
/// zero. Gradients, moments and averages have the same layout.
/// </summary>
public sealed class ParameterLayout
{
    /// <summary>Filters and biases begin at multiples of this many floats, 64 bytes.</summary>
    public const int Alignment = 16;

    private readonly Dictionary<string, Entry> byName = [];

    /// <summary>Lays out the parameters of a graph.</summary>
    /// <exception cref="ArgumentException">They are more than 2³¹ − 1 floats.</exception>
    public ParameterLayout(LayerGraph graph)
    {
        long length = 0;
        foreach (var (name, k, c, shuffle) in graph.Parameters)
        {
            long bias = Align(length + 9L * k * c), end = Align(bias + k);
            if (end > int.MaxValue)
                throw new ArgumentException($"The network has more parameters than fit one buffer of {int.MaxValue} floats.");
            byName.Add(name, new Entry(name, k, c, shuffle, (int)length, (int)bias, (int)(end - length)));
            length = end;
        }
        Length = (int)length;
        Entries = [.. byName.Values];

        static long Align(long offset) => (offset + Alignment - 1) / Alignment * Alignment;
    }

    /// <summary>Floats of the buffer.</summary>
    public int Length { get; }

    /// <summary>The convolutions, in the buffer's order.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>Where a convolution's parameters lie.</summary>
    /// <exception cref="KeyNotFoundException">The graph has no such convolution.</exception>
    public Entry this[string name] => byName[name];

    /// <summary>A buffer's values by PyTorch's names and in its order, as <see cref="Models.EdsrModel"/> holds them.</summary>
    /// <exception cref="ArgumentException">The buffer has another length.</exception>
    public Dictionary<string, float[]> ToModel(ReadOnlySpan<float> flat)
    {
        CheckLength(flat.Length);
        var parameters = new Dictionary<string, float[]>();
        foreach (var e in Entries)
        {
            parameters[$"{e.Name}.weight"] = FilterLayout.ToFile(flat.Slice(e.FilterOffset, e.FilterLength), e.K, e.C, e.Shuffle);
            parameters[$"{e.Name}.bias"] = FilterLayout.ToFile(flat.Slice(e.BiasOffset, e.K), e.K, e.Shuffle);
        }
        return parameters;
    }

    /// <summary>The inverse of <see cref="ToModel"/>.</summary>
    /// <exception cref="ArgumentException">The buffer or a parameter has another length, or a parameter is missing.</exception>
    public void FromModel(IReadOnlyDictionary<string, float[]> parameters, Span<float> flat)
    {
        CheckLength(flat.Length);
        flat.Clear();
        foreach (var e in Entries)
        {
            FilterLayout.ToKernel(FilterLayout.Find(parameters, $"{e.Name}.weight", e.FilterLength), e.K, e.C, e.Shuffle).CopyTo(flat[e.FilterOffset..]);
            FilterLayout.ToKernel(FilterLayout.Find(parameters, $"{e.Name}.bias", e.K), e.K, e.Shuffle).CopyTo(flat[e.BiasOffset..]);
        }
    }

    private void CheckLength(int length)
    {
        if (length != Length)
            throw new ArgumentException($"The buffer has {length} floats; the parameters take {Length}.");
    }

    /// <summary>One convolution's parameters.</summary>
    /// <param name="Name">Its name in the graph.</param>
    /// <param name="K">Output channels, before PixelShuffle.</param>
    /// <param name="C">Input channels.</param>
    /// <param name="Shuffle">PixelShuffle factor that follows, 1 for none.</param>
    /// <param name="FilterOffset">Where the filter begins, in floats; the block begins there too.</param>
    /// <param name="BiasOffset">Where the bias begins, in floats.</param>
    /// <param name="BlockLength">Floats of filter, bias and gaps.</param>
    public sealed record Entry(string Name, int K, int C, int Shuffle, int FilterOffset, int BiasOffset, int BlockLength)
    {
        /// <summary>Floats of the filter.</summary>
        public int FilterLength => 9 * K * C;
    }
}
