using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class ScaledResidualAddKernels
{
    /// <summary>y = x · scale + residual on rows [y0, y1).</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="residual">The same shape.</param>
    /// <param name="scale">Factor of x.</param>
    /// <param name="y">The same shape; may share rows with either input.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The maps differ in shape, or the range is none of theirs.</exception>
    public static void Forward(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, in DeviceMap<float> residual, float scale, in DeviceMap<float> y, int y0, int y1)
    {
        MapCheck.SamePicture(residual.Shape, x.Shape, "residual");
        MapCheck.SamePicture(y.Shape, x.Shape, "output");
        MapCheck.Rows(y0, y1, x.Shape.H);
        if (x.Shape.C % 4 == 0)
            Launch<Float4, QuadLanes>(device, stream, x, residual, scale, y, y0, y1);
        else
            Launch<float, ScalarLanes>(device, stream, x, residual, scale, y, y0, y1);
    }

    /// <summary>dx = factor · dy, or dx += factor · dy, on rows [y0, y1): the gradient of x with the scale as factor, of the residual with 1.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="dy">Gradient of the output, [N, H, W, C].</param>
    /// <param name="factor">Factor of dy.</param>
    /// <param name="accumulate">Whether it is added to what dx holds.</param>
    /// <param name="dx">The same shape; may share rows with dy.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The maps differ in shape, or the range is none of theirs.</exception>
    public static void Backward(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> dy, float factor, bool accumulate, in DeviceMap<float> dx, int y0, int y1)
    {
        if (accumulate)
        {
            Forward(device, stream, dy, dx, factor, dx, y0, y1);
            return;
        }
        MapCheck.SamePicture(dx.Shape, dy.Shape, "input's gradient");
        MapCheck.Rows(y0, y1, dy.Shape.H);
        if (dy.Shape.C % 4 == 0)
            LaunchScale<Float4, QuadLanes>(device, stream, dy, factor, dx, y0, y1);
        else
            LaunchScale<float, ScalarLanes>(device, stream, dy, factor, dx, y0, y1);
    }

    private static void Launch<T, TLanes>(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, in DeviceMap<float> residual, float scale, in DeviceMap<float> y, int y0, int y1)
        where T : unmanaged
        where TLanes : struct, ILanes<T>
    {
        var arguments = new Arguments(x.Shape, residual.Shape, scale, y.Shape, y0, y1, Unsafe.SizeOf<T>() / sizeof(float));
        Kernel<T, TLanes>.Definition.Launch(device, stream, arguments.Rows.Groups(x.Shape.N), x.View.Cast<T>(), residual.View.Cast<T>(), y.View.Cast<T>(), arguments);
    }

    private static void LaunchScale<T, TLanes>(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> dy, float factor, in DeviceMap<float> dx, int y0, int y1)
        where T : unmanaged
        where TLanes : struct, ILanes<T>
    {
        var arguments = new ScaleArguments(dy.Shape, factor, dx.Shape, y0, y1, Unsafe.SizeOf<T>() / sizeof(float));
        ScaleKernel<T, TLanes>.Definition.Launch(device, stream, arguments.Rows.Groups(dy.Shape.N), dy.View.Cast<T>(), dx.View.Cast<T>(), arguments);
    }

    internal readonly struct Arguments(MapShape x, MapShape residual, float scale, MapShape y, int y0, int y1, int unit)
    {
        public readonly RowGrid Rows = new(y0, y1, x.W * x.C / unit);
        public readonly MapLayout X = new(x, unit), Residual = new(residual, unit), Y = new(y, unit);
        public readonly float Scale = scale;
    }

    /// <summary>One unit a thread. No shared memory; any shape.</summary>
    internal static class Kernel<T, TLanes> where T : unmanaged where TLanes : struct, ILanes<T>
    {
        public static readonly AcceleratorKernel<T, T, T, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> x, ArrayView<T> residual, ArrayView<T> y, Arguments arguments)
        {
            if (!arguments.Rows.Find(out int n, out int row, out int unit))
                return;
            unit += arguments.Y.Pixel;
            var addend = residual[arguments.Residual.Border(n, row) + unit];
            y[arguments.Y.Border(n, row) + unit] = TLanes.MultiplyAdd(x[arguments.X.Border(n, row) + unit], arguments.Scale, addend);
        }
    }

    internal readonly struct ScaleArguments(MapShape x, float scale, MapShape y, int y0, int y1, int unit)
    {
        public readonly RowGrid Rows = new(y0, y1, x.W * x.C / unit);
        public readonly MapLayout X = new(x, unit), Y = new(y, unit);
        public readonly float Scale = scale;
    }

    /// <summary>One unit a thread. No shared memory; any shape.</summary>
    internal static class ScaleKernel<T, TLanes> where T : unmanaged where TLanes : struct, ILanes<T>
    {
        public static readonly AcceleratorKernel<T, T, ScaleArguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> x, ArrayView<T> y, ScaleArguments arguments)
        {
            if (!arguments.Rows.Find(out int n, out int row, out int unit))
                return;
            unit += arguments.Y.Pixel;
            y[arguments.Y.Border(n, row) + unit] = TLanes.MultiplyAdd(x[arguments.X.Border(n, row) + unit], arguments.Scale, default);
        }
    }
}
