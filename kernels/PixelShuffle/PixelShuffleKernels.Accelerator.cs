using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class PixelShuffleKernels
{
    /// <summary>y = PixelShuffle(x) for rows [y0, y1) of x.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="x">[N, H, W, r²·C].</param>
    /// <param name="factor">r, at least 1.</param>
    /// <param name="y">[N, H·r, W·r, C]; other memory than x.</param>
    /// <param name="y0">First row of x.</param>
    /// <param name="y1">Row of x after the last.</param>
    /// <exception cref="ArgumentException">The maps do not fit each other, or the range is none of x's.</exception>
    public static void Forward(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, int factor, in DeviceMap<float> y, int y0, int y1)
    {
        MapCheck.SamePicture(y.Shape, Output(x.Shape, factor), "output");
        MapCheck.Rows(y0, y1, x.Shape.H);
        MapCheck.Apart(x, y);
        if (y.Shape.C % 4 == 0)
            Launch<Float4>(device, stream, x, factor, y, y0, y1);
        else
            Launch<float>(device, stream, x, factor, y, y0, y1);
    }

    /// <summary>dx = space-to-depth(dy) for rows [y0, y1) of dx: PixelShuffle only moves values, so its gradient moves them back.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="dy">Gradient of the output, [N, H·r, W·r, C].</param>
    /// <param name="factor">r, at least 1.</param>
    /// <param name="dx">Gradient of the input, [N, H, W, r²·C]; other memory than dy.</param>
    /// <param name="y0">First row of dx.</param>
    /// <param name="y1">Row of dx after the last.</param>
    /// <exception cref="ArgumentException">The maps do not fit each other, or the range is none of dx's.</exception>
    public static void Backward(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> dy, int factor, in DeviceMap<float> dx, int y0, int y1)
    {
        MapCheck.SamePicture(dy.Shape, Output(dx.Shape, factor), "output's gradient");
        MapCheck.Rows(y0, y1, dx.Shape.H);
        MapCheck.Apart(dy, dx);
        if (dy.Shape.C % 4 == 0)
            LaunchBackward<Float4>(device, stream, dy, factor, dx, y0, y1);
        else
            LaunchBackward<float>(device, stream, dy, factor, dx, y0, y1);
    }

    private static void Launch<T>(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, int factor, in DeviceMap<float> y, int y0, int y1)
        where T : unmanaged
    {
        var arguments = new Arguments(x.Shape, factor, y.Shape, y0, y1, Unsafe.SizeOf<T>() / sizeof(float));
        Kernel<T>.Definition.Launch(device, stream, arguments.Rows.Groups(x.Shape.N), x.View.Cast<T>(), y.View.Cast<T>(), arguments);
    }

    private static void LaunchBackward<T>(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> dy, int factor, in DeviceMap<float> dx, int y0, int y1)
        where T : unmanaged
    {
        var arguments = new Arguments(dx.Shape, factor, dy.Shape, y0, y1, Unsafe.SizeOf<T>() / sizeof(float));
        BackwardKernel<T>.Definition.Launch(device, stream, arguments.Rows.Groups(dx.Shape.N), dy.View.Cast<T>(), dx.View.Cast<T>(), arguments);
    }

    internal readonly struct Arguments(MapShape x, int factor, MapShape y, int y0, int y1, int unit)
    {
        public readonly RowGrid Rows = new(y0, y1, x.W * x.C / unit);
        private readonly MapLayout x = new(x, unit), y = new(y, unit);
        private readonly int factor = factor;

        /// <summary>In a kernel: this thread's unit of x, and its place in y; for one i the r·C channels of a pixel are one run of a row of y.</summary>
        /// <returns>False if there is nothing left for it.</returns>
        public bool Find(out long inX, out long inY)
        {
            inX = inY = 0;
            if (!Rows.Find(out int n, out int row, out int unit))
                return false;
            int run = y.Pixel * factor;
            int column = unit / x.Pixel, channel = unit - column * x.Pixel;
            int i = channel / run, inRun = channel - i * run;
            inX = x.Border(n, row) + x.Pixel + unit;
            inY = y.Border(n, row * factor + i) + y.Pixel + column * run + inRun;
            return true;
        }
    }

    /// <summary>One unit of x a thread. No shared memory; any shape.</summary>
    internal static class Kernel<T> where T : unmanaged
    {
        public static readonly AcceleratorKernel<T, T, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> x, ArrayView<T> y, Arguments arguments)
        {
            if (arguments.Find(out long inX, out long inY))
                y[inY] = x[inX];
        }
    }

    /// <summary>The way back, one unit of dx a thread. No shared memory; any shape.</summary>
    internal static class BackwardKernel<T> where T : unmanaged
    {
        public static readonly AcceleratorKernel<T, T, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> dy, ArrayView<T> dx, Arguments arguments)
        {
            if (arguments.Find(out long inX, out long inY))
                dx[inX] = dy[inY];
        }
    }
}
