namespace EdsrIlgpu.Kernels;

/// <summary>
/// The 3×3 convolution, stride 1, padding 1. Choosing is apart from launching: a plan is chosen once, from the whole picture's
/// shape, a filter is packed once for a plan's variant, and launching computes any range of rows without allocating.
/// </summary>
public static partial class Conv2dKernels
{
    /// <summary>Environment variable that forces a variant of the forward convolution by name.</summary>
    public const string ForceFprop = "EDSR_FORCE_CONV2D_FPROP";

    /// <summary>Chooses the best variant for a shape on the host.</summary>
    /// <exception cref="ArgumentException">The epilogue does not fit the shape, or the forced variant does not exist.</exception>
    public static HostConvPlan Choose(HostDevice device, Conv2dShape shape, Epilogue epilogue)
    {
        epilogue.Validate(shape);
        return new HostConvPlan(device, VariantChoice.Pick(Conv2dHostVariants.Fprop, v => v.Name, v => v.Supports(device, shape, epilogue), ForceFprop, shape), shape, epilogue);
    }

    /// <summary>Computes rows [<paramref name="y0"/>, <paramref name="y1"/>) of the input's grid.</summary>
    /// <param name="plan">What to compute and how.</param>
    /// <param name="x">[N, H, W, C]; rows y0 − 1 to y1 must be there.</param>
    /// <param name="filter">Packed by this plan, or by one of another picture size or of a device with the same vectors.</param>
    /// <param name="residual">A map of the output's shape if the epilogue adds one, or its mask, else default. It may share rows with <paramref name="y"/>.</param>
    /// <param name="y">[N, H·r, W·r, K/r²]; never the memory of <paramref name="x"/>.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">A map, the filter or the range does not fit the plan.</exception>
    public static void Fprop(HostConvPlan plan, in HostMap<float> x, HostFilter filter, in HostMap<float> residual, in HostMap<float> y, int y0, int y1)
    {
        var shape = plan.Shape;
        CheckMaps(plan, x.Shape, residual.IsEmpty ? null : residual.Shape, y.Shape, y0, y1);
        MapCheck.Apart(x, y);
        if (filter.Variant != plan.Variant || filter.Simd != plan.Device.Simd || filter.C != shape.C || filter.K != shape.K || filter.Shuffle != plan.Epilogue.Shuffle)
            throw new ArgumentException($"The filter was packed for another convolution than {shape}, {plan.Variant}, {plan.Device.Simd}.");
        plan.Implementation.Run(plan.Device, x, filter, plan.Epilogue, residual, y, y0, y1);
        GC.KeepAlive(filter); // The loops hold its address only, which would not keep its finaliser away.
    }

    private static void CheckMaps(ConvPlan plan, MapShape x, MapShape? residual, MapShape y, int y0, int y1)
    {
        var shape = plan.Shape;
        var output = plan.Epilogue.Output(shape);
        MapCheck.SamePicture(x, new MapShape(shape.N, shape.H, shape.W, shape.C), "input");
        MapCheck.SamePicture(y, output, "output");
        if (plan.Epilogue.ReadsOperand != residual.HasValue)
            throw new ArgumentException(plan.Epilogue.ReadsOperand ? "The epilogue needs a residual or mask; none was given." : "The epilogue needs neither residual nor mask.");
        if (residual.HasValue)
            MapCheck.SamePicture(residual.Value, output, plan.Epilogue.Mask ? "mask" : "residual");
        MapCheck.Rows(y0, y1, shape.H);
    }
}
