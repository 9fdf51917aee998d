using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>A convolution on an accelerator, made by <see cref="Conv2dKernels.Choose(AcceleratorDevice, Conv2dShape, Epilogue)"/>; its kernel is compiled when it is first launched.</summary>
public sealed class DeviceConvPlan : ConvPlan
{
    internal DeviceConvPlan(AcceleratorDevice device, Conv2dFpropAccelerator variant, Conv2dShape shape, Epilogue epilogue)
        : base(shape, epilogue, variant.Name) => (Device, Implementation) = (device, variant);

    internal AcceleratorDevice Device { get; }

    internal Conv2dFpropAccelerator Implementation { get; }

    /// <summary>Packs a filter and its bias for this plan's variant into the device's memory; good for every picture size.</summary>
    /// <param name="stream">Waited for, so that the values may change afterwards.</param>
    /// <param name="filter">[K, 3, 3, C].</param>
    /// <param name="bias">[K].</param>
    /// <exception cref="ArgumentException">A length does not match the plan.</exception>
    /// <exception cref="OutOfMemoryException">The device has not that much memory.</exception>
    public DeviceFilter Pack(AcceleratorStream stream, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias)
    {
        CheckFilter(filter, bias);
        float[] packed = Implementation.Pack(filter, bias, Shape);
        var memory = Device.Allocate<float>(packed.Length);
        try
        {
            memory.View.BaseView.CopyFromCPU(stream, packed);
            stream.Synchronize();
        }
        catch
        {
            memory.Dispose();
            throw;
        }
        return new DeviceFilter(Device, Variant, Shape, memory);
    }

    internal override float[] PackDense(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias)
    {
        CheckFilter(filter, bias);
        return Implementation.Pack(filter, bias, Shape);
    }
}
