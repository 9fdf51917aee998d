using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class ReluKernels
{
    /// <summary>y = max(0, x) on rows [y0, y1). <paramref name="y"/> may be x.</summary>
    /// <exception cref="ArgumentException">The maps differ in shape, or the range is none of theirs.</exception>
    public static void Forward(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> x, in DeviceMap<float> y, int y0, int y1)
    {
        MapCheck.SamePicture(y.Shape, x.Shape, "output");
        MapCheck.Rows(y0, y1, x.Shape.H);
        if (x.Shape.C % 4 == 0)
        {
            var arguments = new ReluArguments(x.Shape, y.Shape, y0, y1, 4);
            ReluKernel<Float4, QuadLanes>.Definition.Launch(device, stream, arguments.Rows.Groups(x.Shape.N), x.View.Cast<Float4>(), y.View.Cast<Float4>(), arguments);
        }
        else
        {
            var arguments = new ReluArguments(x.Shape, y.Shape, y0, y1, 1);
            ReluKernel<float, ScalarLanes>.Definition.Launch(device, stream, arguments.Rows.Groups(x.Shape.N), x.View, y.View, arguments);
        }
    }
}
