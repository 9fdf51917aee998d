using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>Copies between maps and dense arrays of the same elements, in device memory.</summary>
public static class MapCopyKernels
{
    /// <summary>x = dense on rows [y0, y1).</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="dense">[N, H, W, C].</param>
    /// <param name="x">The map.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The dense array is too short, or the range is none of the map's.</exception>
    public static void Load(AcceleratorDevice device, AcceleratorStream stream, ArrayView<float> dense, in DeviceMap<float> x, int y0, int y1)
    {
        MapCheck.Rows(y0, y1, x.Shape.H);
        MapCheck.Dense(dense.Length, x.Shape);
        var arguments = new Arguments(x.Shape, y0, y1);
        LoadKernel.Launch(device, stream, arguments.Rows.Groups(x.Shape.N), dense, x.View, arguments);
    }

    /// <summary>dense = y on rows [y0, y1).</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="y">The map.</param>
    /// <param name="dense">[N, H, W, C].</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The dense array is too short, or the range is none of the map's.</exception>
    public static void Store(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> y, ArrayView<float> dense, int y0, int y1)
    {
        MapCheck.Rows(y0, y1, y.Shape.H);
        MapCheck.Dense(dense.Length, y.Shape);
        var arguments = new Arguments(y.Shape, y0, y1);
        StoreKernel.Launch(device, stream, arguments.Rows.Groups(y.Shape.N), y.View, dense, arguments);
    }

    internal readonly struct Arguments(MapShape map, int y0, int y1)
    {
        public readonly RowGrid Rows = new(y0, y1, map.W * map.C);
        public readonly DenseLayout Dense = new(map);
        public readonly MapLayout Map = new(map, 1);
    }

    internal static AcceleratorKernel<float, float, Arguments> LoadKernel { get; } = new(Load, RowGrid.GroupSize);

    internal static AcceleratorKernel<float, float, Arguments> StoreKernel { get; } = new(Store, RowGrid.GroupSize);

    // One element a thread; no shared memory.
    private static void Load(ArrayView<float> dense, ArrayView<float> x, Arguments arguments)
    {
        if (arguments.Rows.Find(out int n, out int row, out int unit))
            x[arguments.Map.Border(n, row) + arguments.Map.Pixel + unit] = dense[arguments.Dense.Row(n, row) + unit];
    }

    private static void Store(ArrayView<float> y, ArrayView<float> dense, Arguments arguments)
    {
        if (arguments.Rows.Find(out int n, out int row, out int unit))
            dense[arguments.Dense.Row(n, row) + unit] = y[arguments.Map.Border(n, row) + arguments.Map.Pixel + unit];
    }
}
