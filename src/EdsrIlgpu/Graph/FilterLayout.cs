namespace EdsrIlgpu.Graph;

/// <summary>
/// PyTorch's order of filters and channels, as in files, to the kernels' order and back. A filter is [K, C, 3, 3] there and
/// [K, 3, 3, C] here; before PixelShuffle the channels stand in c·r² + i·r + j order there and (i·r + j)·C + c here.
/// </summary>
internal static class FilterLayout
{
    /// <summary>A filter, [k, c, 3, 3] → [k, 3, 3, c].</summary>
    public static float[] ToKernel(ReadOnlySpan<float> filter, int k, int c, int shuffle)
    {
        var result = new float[filter.Length];
        for (int to = 0; to < k; to++)
        {
            int from = FileChannel(to, k, shuffle);
            for (int channel = 0; channel < c; channel++)
                for (int tap = 0; tap < 9; tap++)
                    result[(to * 9 + tap) * c + channel] = filter[(from * c + channel) * 9 + tap];
        }
        return result;
    }

    /// <summary>A bias, [k].</summary>
    public static float[] ToKernel(ReadOnlySpan<float> bias, int k, int shuffle)
    {
        var result = new float[k];
        for (int to = 0; to < k; to++)
            result[to] = bias[FileChannel(to, k, shuffle)];
        return result;
    }

    /// <summary>A filter, [k, 3, 3, c] → [k, c, 3, 3].</summary>
    public static float[] ToFile(ReadOnlySpan<float> filter, int k, int c, int shuffle)
    {
        var result = new float[filter.Length];
        for (int from = 0; from < k; from++)
        {
            int to = FileChannel(from, k, shuffle);
            for (int channel = 0; channel < c; channel++)
                for (int tap = 0; tap < 9; tap++)
                    result[(to * c + channel) * 9 + tap] = filter[(from * 9 + tap) * c + channel];
        }
        return result;
    }

    /// <summary>A bias, [k], as files have it.</summary>
    public static float[] ToFile(ReadOnlySpan<float> bias, int k, int shuffle)
    {
        var result = new float[k];
        for (int from = 0; from < k; from++)
            result[FileChannel(from, k, shuffle)] = bias[from];
        return result;
    }

    /// <summary>A parameter of a model.</summary>
    /// <exception cref="ArgumentException">It is missing or has another length.</exception>
    public static float[] Find(IReadOnlyDictionary<string, float[]> parameters, string name, int length)
    {
        if (!parameters.TryGetValue(name, out var values))
            throw new ArgumentException($"The parameter {name} is missing.");
        return values.Length == length ? values : throw new ArgumentException($"The parameter {name} has {values.Length} values; it needs {length}.");
    }

    /// <summary>The file's channel that is the kernels' channel <paramref name="channel"/> of <paramref name="k"/>.</summary>
    private static int FileChannel(int channel, int k, int shuffle)
    {
        int outputs = k / (shuffle * shuffle);
        return channel % outputs * shuffle * shuffle + channel / outputs;
    }
}
