namespace EdsrIlgpu.Kernels;

/// <summary>
/// PixelShuffle as a pass of its own: channel (i·r + j)·C + c of pixel (h, w) becomes channel c of pixel (h·r + i, w·r + j).
/// Convolutions store through it at no cost; this is for shuffles that stand alone.
/// </summary>
public static partial class PixelShuffleKernels
{
    /// <summary>y = PixelShuffle(x) for rows [y0, y1) of x.</summary>
    /// <param name="device">The host.</param>
    /// <param name="x">[N, H, W, r²·C].</param>
    /// <param name="factor">r, at least 1.</param>
    /// <param name="y">[N, H·r, W·r, C]; other memory than x.</param>
    /// <param name="y0">First row of x.</param>
    /// <param name="y1">Row of x after the last.</param>
    /// <exception cref="ArgumentException">The maps do not fit each other, or the range is none of x's.</exception>
    public static void Forward(HostDevice device, in HostMap<float> x, int factor, in HostMap<float> y, int y0, int y1)
    {
        MapCheck.SamePicture(y.Shape, Output(x.Shape, factor), "output");
        MapCheck.Rows(y0, y1, x.Shape.H);
        MapCheck.Apart(x, y);
        device.Pool.Run(new ShuffleRows { X = x, Factor = factor, Y = y, FirstRow = y0, RowCount = y1 - y0 }, x.Shape.N * (y1 - y0));
    }

    /// <summary>dx = space-to-depth(dy) for rows [y0, y1) of dx: PixelShuffle only moves values, so its gradient moves them back.</summary>
    /// <param name="device">The host.</param>
    /// <param name="dy">Gradient of the output, [N, H·r, W·r, C].</param>
    /// <param name="factor">r, at least 1.</param>
    /// <param name="dx">Gradient of the input, [N, H, W, r²·C]; other memory than dy.</param>
    /// <param name="y0">First row of dx.</param>
    /// <param name="y1">Row of dx after the last.</param>
    /// <exception cref="ArgumentException">The maps do not fit each other, or the range is none of dx's.</exception>
    public static void Backward(HostDevice device, in HostMap<float> dy, int factor, in HostMap<float> dx, int y0, int y1)
    {
        MapCheck.SamePicture(dy.Shape, Output(dx.Shape, factor), "output's gradient");
        MapCheck.Rows(y0, y1, dx.Shape.H);
        MapCheck.Apart(dy, dx);
        device.Pool.Run(new ShuffleRows { X = dx, Factor = factor, Y = dy, Back = true, FirstRow = y0, RowCount = y1 - y0 }, dx.Shape.N * (y1 - y0));
    }

    /// <summary>The map that PixelShuffle by <paramref name="factor"/> makes of <paramref name="x"/>.</summary>
    /// <exception cref="ArgumentException">The channels are no multiple of factor².</exception>
    private static MapShape Output(MapShape x, int factor) =>
        factor >= 1 && x.C % ((long)factor * factor) == 0
            ? new(x.N, x.H * factor, x.W * factor, x.C / (factor * factor))
            : throw new ArgumentException($"PixelShuffle by {factor} needs a multiple of its square in channels, not {x.C}.");

    private unsafe struct ShuffleRows : IWork
    {
        public HostMap<float> X, Y;
        public bool Back;
        public int Factor, FirstRow, RowCount;

        public readonly void Run(int piece)
        {
            int n = piece / RowCount, row = FirstRow + piece % RowCount, run = X.Shape.C / Factor;
            for (int i = 0; i < Factor; i++)
            {
                // For one i the r·C channels of a pixel are one run of the output row.
                float* x = X.Row(n, row) + i * run, y = Y.Row(n, row * Factor + i);
                for (int column = 0; column < X.Shape.W; column++, x += X.Shape.C, y += run)
                    new Span<float>(Back ? y : x, run).CopyTo(new Span<float>(Back ? x : y, run));
            }
        }
    }
}
