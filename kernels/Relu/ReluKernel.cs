using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>What <see cref="ReluKernel{T, TLanes}"/> is told beside its views.</summary>
internal readonly struct ReluArguments(MapShape x, MapShape y, int y0, int y1, int unit)
{
    public readonly RowGrid Rows = new(y0, y1, x.W * x.C / unit);
    public readonly MapLayout X = new(x, unit), Y = new(y, unit);
}

/// <summary>ReLU on rows of maps, one unit a thread. No shared memory; any shape.</summary>
internal static class ReluKernel<T, TLanes> where T : unmanaged where TLanes : struct, ILanes<T>
{
    public static readonly AcceleratorKernel<T, T, ReluArguments> Definition = new(Run, RowGrid.GroupSize);

    private static void Run(ArrayView<T> x, ArrayView<T> y, ReluArguments arguments)
    {
        if (arguments.Rows.Find(out int n, out int row, out int unit))
            y[arguments.Y.Border(n, row) + arguments.Y.Pixel + unit] = TLanes.Relu(x[arguments.X.Border(n, row) + arguments.X.Pixel + unit]);
    }
}
