namespace EdsrIlgpu.Kernels;

/// <summary>A convolution on the host, made by <see cref="Conv2dKernels.Choose(HostDevice, Conv2dShape, Epilogue)"/>.</summary>
public sealed class HostConvPlan : ConvPlan
{
    internal HostConvPlan(HostDevice device, Conv2dFpropHost variant, Conv2dShape shape, Epilogue epilogue)
        : base(shape, epilogue, variant.Name) => (Device, Implementation) = (device, variant);

    internal HostDevice Device { get; }

    internal Conv2dFpropHost Implementation { get; }

    /// <summary>Packs a filter and its bias for this plan's variant; good for every picture size.</summary>
    /// <param name="filter">[K, 3, 3, C].</param>
    /// <param name="bias">[K].</param>
    /// <exception cref="ArgumentException">A length does not match the plan.</exception>
    public HostFilter Pack(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias)
    {
        CheckFilter(filter, bias);
        return Implementation.Pack(Device, filter, bias, Shape, Epilogue);
    }

    internal override unsafe float[] PackDense(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias)
    {
        using var packed = Pack(filter, bias);
        return new ReadOnlySpan<float>(packed.Memory.Address, checked((int)packed.Memory.Length)).ToArray();
    }
}
