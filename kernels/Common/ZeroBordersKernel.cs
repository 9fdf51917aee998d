using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>Zeroes both border columns of every stored row of a map, one element a thread.</summary>
internal static class ZeroBordersKernel<T> where T : unmanaged
{
    public static readonly AcceleratorKernel<T, Arguments> Definition = new(Run, RowGrid.GroupSize);

    private static void Run(ArrayView<T> map, Arguments arguments)
    {
        if (!arguments.Rows.Find(out int n, out int row, out int unit))
            return;
        // The row's elements before its pixels, then those behind them.
        long skip = unit < arguments.Map.Pixel ? 0 : arguments.PixelsLength;
        map[arguments.Map.Border(n, row) + unit + skip] = default;
    }

    internal readonly struct Arguments(MapShape map)
    {
        public readonly RowGrid Rows = new(0, map.Rows, 2 * map.C);
        public readonly MapLayout Map = new(map, 1);
        public readonly int PixelsLength = map.W * map.C;
    }
}
