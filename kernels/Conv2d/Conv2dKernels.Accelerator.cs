using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class Conv2dKernels
{
    /// <summary>Chooses the best variant for a shape on an accelerator.</summary>
    /// <exception cref="ArgumentException">The epilogue does not fit the shape, or the forced variant does not exist.</exception>
    public static DeviceConvPlan Choose(AcceleratorDevice device, Conv2dShape shape, Epilogue epilogue)
    {
        epilogue.Validate(shape);
        return new DeviceConvPlan(device, VariantChoice.Pick(Conv2dAcceleratorVariants.Fprop, v => v.Name, v => v.Supports(shape, epilogue), ForceFprop, shape), shape, epilogue);
    }

    /// <summary>Launches the computation of rows [<paramref name="y0"/>, <paramref name="y1"/>) of the input's grid.</summary>
    /// <param name="stream">Where it runs, in order.</param>
    /// <param name="plan">What to compute and how.</param>
    /// <param name="x">[N, H, W, C]; rows y0 − 1 to y1 must be there.</param>
    /// <param name="filter">Packed by this plan, or by one of another picture size; it must live until the stream has come by.</param>
    /// <param name="residual">A map of the output's shape if the epilogue adds one, or its mask, else default. It may share rows with <paramref name="y"/>.</param>
    /// <param name="y">[N, H·r, W·r, K/r²]; never the memory of <paramref name="x"/>.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">A map, the filter or the range does not fit the plan.</exception>
    public static void Fprop(AcceleratorStream stream, DeviceConvPlan plan, in DeviceMap<float> x, DeviceFilter filter, in DeviceMap<float> residual, in DeviceMap<float> y, int y0, int y1)
    {
        CheckMaps(plan, x.Shape, residual.IsEmpty ? null : residual.Shape, y.Shape, y0, y1);
        MapCheck.Apart(x, y);
        if (filter.Device != plan.Device || filter.Variant != plan.Variant || filter.C != plan.Shape.C || filter.K != plan.Shape.K)
            throw new ArgumentException($"The filter was packed for another device or convolution than {plan.Shape}, {plan.Variant}.");
        plan.Implementation.Run(plan.Device, stream, x, filter.View, plan.Epilogue, plan.Shape, residual, y, y0, y1);
    }
}
