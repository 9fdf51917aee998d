namespace EdsrIlgpu.Kernels;

/// <summary>PixelShuffle and its inverse as index maps on dense arrays; exact.</summary>
public static class PixelShuffleReference
{
    /// <summary>
    /// Channel (i·r + j)·C + c of pixel (h, w) becomes channel c of pixel (h·r + i, w·r + j). PyTorch's order, c·r² + i·r + j,
    /// exists in weight files only.
    /// </summary>
    /// <param name="x">[N, H, W, r²·C].</param>
    /// <param name="n">Pictures.</param>
    /// <param name="h">Height of <paramref name="x"/>.</param>
    /// <param name="w">Width of <paramref name="x"/>.</param>
    /// <param name="c">Channels of the result.</param>
    /// <param name="factor">r.</param>
    /// <returns>[N, H·r, W·r, C].</returns>
    public static T[] Forward<T>(T[] x, int n, int h, int w, int c, int factor)
    {
        var y = new T[x.Length];
        Walk(n, h, w, c, factor, (low, high) => y[high] = x[low]);
        return y;
    }

    /// <summary>The inverse of <see cref="Forward"/>, space to depth; as PixelShuffle only moves values, also its gradient.</summary>
    /// <param name="y">[N, H·r, W·r, C].</param>
    /// <param name="n">Pictures.</param>
    /// <param name="h">Height of the result.</param>
    /// <param name="w">Width of the result.</param>
    /// <param name="c">Channels of <paramref name="y"/>.</param>
    /// <param name="factor">r.</param>
    /// <returns>[N, H, W, r²·C].</returns>
    public static T[] Inverse<T>(T[] y, int n, int h, int w, int c, int factor)
    {
        var x = new T[y.Length];
        Walk(n, h, w, c, factor, (low, high) => x[low] = y[high]);
        return x;
    }

    private static void Walk(int n, int h, int w, int c, int r, Action<long, long> visit)
    {
        for (int image = 0; image < n; image++)
            for (int row = 0; row < h; row++)
                for (int col = 0; col < w; col++)
                    for (int i = 0; i < r; i++)
                        for (int j = 0; j < r; j++)
                            for (int ch = 0; ch < c; ch++)
                                visit(
                                    (((long)image * h + row) * w + col) * r * r * c + (i * r + j) * c + ch,
                                    (((long)image * h * r + row * r + i) * w * r + col * r + j) * c + ch);
    }
}
