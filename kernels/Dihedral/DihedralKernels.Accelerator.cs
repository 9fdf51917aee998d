using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class DihedralKernels
{
    /// <summary>y = x in another orientation.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="x">[N, H, W, C], every row stored.</param>
    /// <param name="orientation">Which of the eight.</param>
    /// <param name="y"><c>orientation.Output(x.Shape)</c>; other memory than x.</param>
    /// <exception cref="ArgumentException">The maps do not fit each other.</exception>
    public static void Forward(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, Dihedral orientation, in DeviceMap<float> y)
    {
        CheckTurn(x.Shape, orientation, y.Shape);
        MapCheck.Apart(x, y);
        if (x.Shape.C % 4 == 0)
            Launch<Float4>(device, stream, x, orientation, y);
        else
            Launch<float>(device, stream, x, orientation, y);
    }

    private static void Launch<T>(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, Dihedral orientation, in DeviceMap<float> y)
        where T : unmanaged
    {
        var arguments = new Arguments(x.Shape, orientation, y.Shape, Unsafe.SizeOf<T>() / sizeof(float));
        Kernel<T>.Definition.Launch(device, stream, arguments.Rows.Groups(y.Shape.N), x.View.Cast<T>(), y.View.Cast<T>(), arguments);
    }

    internal readonly struct Arguments(MapShape x, Dihedral orientation, MapShape y, int unit)
    {
        public readonly RowGrid Rows = new(0, y.H, y.W * y.C / unit);
        public readonly MapLayout X = new(x, unit), Y = new(y, unit);
        public readonly int LastRow = y.H - 1, LastColumn = y.W - 1, Orientation = (int)orientation;
    }

    /// <summary>One unit of y a thread. No shared memory; any shape.</summary>
    internal static class Kernel<T> where T : unmanaged
    {
        public static readonly AcceleratorKernel<T, T, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> x, ArrayView<T> y, Arguments arguments)
        {
            if (!arguments.Rows.Find(out int n, out int row, out int unit))
                return;
            int pixel = arguments.Y.Pixel, column = unit / pixel, channel = unit - column * pixel;
            int i = (arguments.Orientation & (int)Dihedral.FlipY) != 0 ? arguments.LastRow - row : row;
            int j = (arguments.Orientation & (int)Dihedral.FlipX) != 0 ? arguments.LastColumn - column : column;
            bool swap = (arguments.Orientation & (int)Dihedral.Transpose) != 0;
            int fromRow = swap ? j : i, fromColumn = swap ? i : j;
            y[arguments.Y.Border(n, row) + pixel + unit] = x[arguments.X.Border(n, fromRow) + pixel + fromColumn * pixel + channel];
        }
    }
}
