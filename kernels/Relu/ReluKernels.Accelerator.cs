using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class ReluKernels
{
    /// <summary>y = max(0, x) on rows [y0, y1).</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="y">The same shape; may share rows with x.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The maps differ in shape, or the range is none of theirs.</exception>
    public static void Forward(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, in DeviceMap<float> y, int y0, int y1)
    {
        MapCheck.SamePicture(y.Shape, x.Shape, "output");
        MapCheck.Rows(y0, y1, x.Shape.H);
        if (x.Shape.C % 4 == 0)
            Launch<Float4, QuadLanes>(device, stream, x, y, y0, y1);
        else
            Launch<float, ScalarLanes>(device, stream, x, y, y0, y1);
    }

    /// <summary>dx = y &gt; 0 ? dy : 0 on rows [y0, y1).</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="y">ReLU's output, [N, H, W, C].</param>
    /// <param name="dy">Its gradient, the same shape.</param>
    /// <param name="dx">Gradient of the input, the same shape; may share rows with either input.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The maps differ in shape, or the range is none of theirs.</exception>
    public static void Backward(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> y, in DeviceMap<float> dy, in DeviceMap<float> dx, int y0, int y1)
    {
        MapCheck.SamePicture(dy.Shape, y.Shape, "output's gradient");
        MapCheck.SamePicture(dx.Shape, y.Shape, "input's gradient");
        MapCheck.Rows(y0, y1, y.Shape.H);
        if (y.Shape.C % 4 == 0)
            LaunchBackward<Float4, QuadLanes>(device, stream, y, dy, dx, y0, y1);
        else
            LaunchBackward<float, ScalarLanes>(device, stream, y, dy, dx, y0, y1);
    }

    private static void Launch<T, TLanes>(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, in DeviceMap<float> y, int y0, int y1)
        where T : unmanaged
        where TLanes : struct, ILanes<T>
    {
        var arguments = new Arguments(x.Shape, y.Shape, y0, y1, Unsafe.SizeOf<T>() / sizeof(float));
        Kernel<T, TLanes>.Definition.Launch(device, stream, arguments.Rows.Groups(x.Shape.N), x.View.Cast<T>(), y.View.Cast<T>(), arguments);
    }

    private static void LaunchBackward<T, TLanes>(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> y, in DeviceMap<float> dy, in DeviceMap<float> dx, int y0, int y1)
        where T : unmanaged
        where TLanes : struct, ILanes<T>
    {
        var arguments = new BackwardArguments(y.Shape, dy.Shape, dx.Shape, y0, y1, Unsafe.SizeOf<T>() / sizeof(float));
        BackwardKernel<T, TLanes>.Definition.Launch(device, stream, arguments.Rows.Groups(y.Shape.N), y.View.Cast<T>(), dy.View.Cast<T>(), dx.View.Cast<T>(), arguments);
    }

    internal readonly struct Arguments(MapShape x, MapShape y, int y0, int y1, int unit)
    {
        public readonly RowGrid Rows = new(y0, y1, x.W * x.C / unit);
        public readonly MapLayout X = new(x, unit), Y = new(y, unit);
    }

    /// <summary>One unit a thread. No shared memory; any shape.</summary>
    internal static class Kernel<T, TLanes> where T : unmanaged where TLanes : struct, ILanes<T>
    {
        public static readonly AcceleratorKernel<T, T, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> x, ArrayView<T> y, Arguments arguments)
        {
            if (arguments.Rows.Find(out int n, out int row, out int unit))
                y[arguments.Y.Border(n, row) + arguments.Y.Pixel + unit] = TLanes.Relu(x[arguments.X.Border(n, row) + arguments.X.Pixel + unit]);
        }
    }

    internal readonly struct BackwardArguments(MapShape y, MapShape dy, MapShape dx, int y0, int y1, int unit)
    {
        public readonly RowGrid Rows = new(y0, y1, y.W * y.C / unit);
        public readonly MapLayout Y = new(y, unit), Dy = new(dy, unit), Dx = new(dx, unit);
    }

    /// <summary>One unit a thread. No shared memory; any shape.</summary>
    internal static class BackwardKernel<T, TLanes> where T : unmanaged where TLanes : struct, ILanes<T>
    {
        public static readonly AcceleratorKernel<T, T, T, BackwardArguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> y, ArrayView<T> dy, ArrayView<T> dx, BackwardArguments arguments)
        {
            if (!arguments.Rows.Find(out int n, out int row, out int unit))
                return;
            unit += arguments.Y.Pixel;
            dx[arguments.Dx.Border(n, row) + unit] = TLanes.WherePositive(y[arguments.Y.Border(n, row) + unit], dy[arguments.Dy.Border(n, row) + unit]);
        }
    }
}
