namespace EdsrIlgpu.Kernels;

/// <summary>Flips and transposes as an index map on dense arrays; exact.</summary>
public static class DihedralReference
{
    /// <summary>y = x, transposed if the orientation says so, then mirrored.</summary>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="n">Pictures.</param>
    /// <param name="h">Height of <paramref name="x"/>.</param>
    /// <param name="w">Width of <paramref name="x"/>.</param>
    /// <param name="c">Channels.</param>
    /// <param name="orientation">Which of the eight.</param>
    /// <returns>[N, H, W, C], or [N, W, H, C] when the sides are swapped.</returns>
    public static T[] Forward<T>(T[] x, int n, int h, int w, int c, Dihedral orientation)
    {
        bool swap = orientation.SwapsSides();
        int outH = swap ? w : h, outW = swap ? h : w;
        var y = new T[x.Length];
        for (int image = 0; image < n; image++)
            for (int row = 0; row < outH; row++)
                for (int col = 0; col < outW; col++)
                {
                    int i = (orientation & Dihedral.FlipY) != 0 ? outH - 1 - row : row;
                    int j = (orientation & Dihedral.FlipX) != 0 ? outW - 1 - col : col;
                    int fromRow = swap ? j : i, fromCol = swap ? i : j;
                    for (int ch = 0; ch < c; ch++)
                        y[(((long)image * outH + row) * outW + col) * c + ch] = x[(((long)image * h + fromRow) * w + fromCol) * c + ch];
                }
        return y;
    }
}
