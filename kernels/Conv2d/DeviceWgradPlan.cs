namespace EdsrIlgpu.Kernels;

/// <summary>
/// The gradients of a convolution's filter and bias on an accelerator, made by <see cref="Conv2dKernels.ChooseWgrad(AcceleratorDevice, Conv2dShape)"/>;
/// its kernels are compiled when they are first launched.
/// </summary>
public sealed class DeviceWgradPlan
{
    internal DeviceWgradPlan(AcceleratorDevice device, Conv2dWgradAccelerator variant, Conv2dShape shape)
    {
        (Device, Implementation, Shape) = (device, variant, shape);
        Splits = variant.Splits(device.Accelerator.NumMultiprocessors, shape);
    }

    internal AcceleratorDevice Device { get; }

    internal Conv2dWgradAccelerator Implementation { get; }

    internal int Splits { get; }

    /// <summary>The convolution, of the whole batch.</summary>
    public Conv2dShape Shape { get; }

    /// <summary>Name of the variant that computes it.</summary>
    public string Variant => Implementation.Name;

    /// <summary>Floats of workspace that a launch needs; what they hold does not matter.</summary>
    public long WorkspaceElements => Splits * Conv2dWgradAccelerator.SplitLength(Shape);
}
