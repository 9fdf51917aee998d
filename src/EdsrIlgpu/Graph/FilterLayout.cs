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

    /// <summary>The file's channel that is the kernels' channel <paramref name="channel"/> of <paramref name="k"/>.</summary>
    private static int FileChannel(int channel, int k, int shuffle)
    {
        int outputs = k / (shuffle * shuffle);
        return channel % outputs * shuffle * shuffle + channel / outputs;
    }
}
