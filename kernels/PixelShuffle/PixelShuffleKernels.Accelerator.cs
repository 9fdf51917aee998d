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

    private static void Launch<T>(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, int factor, in DeviceMap<float> y, int y0, int y1)
        where T : unmanaged
    {
        var arguments = new Arguments(x.Shape, factor, y.Shape, y0, y1, Unsafe.SizeOf<T>() / sizeof(float));
        Kernel<T>.Definition.Launch(device, stream, arguments.Rows.Groups(x.Shape.N), x.View.Cast<T>(), y.View.Cast<T>(), arguments);
    }

    internal readonly struct Arguments(MapShape x, int factor, MapShape y, int y0, int y1, int unit)
    {
        public readonly RowGrid Rows = new(y0, y1, x.W * x.C / unit);
        public readonly MapLayout X = new(x, unit), Y = new(y, unit);
        public readonly int Factor = factor;
    }

    /// <summary>One unit of x a thread; for one i the r·C channels of a pixel are one run of an output row. No shared memory; any shape.</summary>
    internal static class Kernel<T> where T : unmanaged
    {
        public static readonly AcceleratorKernel<T, T, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> x, ArrayView<T> y, Arguments arguments)
        {
            if (!arguments.Rows.Find(out int n, out int row, out int unit))
                return;
            int run = arguments.Y.Pixel * arguments.Factor;
            int column = unit / arguments.X.Pixel, channel = unit - column * arguments.X.Pixel;
            int i = channel / run, inRun = channel - i * run;
            y[arguments.Y.Border(n, row * arguments.Factor + i) + arguments.Y.Pixel + column * run + inRun] = x[arguments.X.Border(n, row) + arguments.X.Pixel + unit];
        }
    }
}
