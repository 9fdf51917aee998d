namespace EdsrIlgpu.Kernels;

/// <summary>The gradients of a convolution's filter and bias on the host, made by <see cref="Conv2dKernels.ChooseWgrad(HostDevice, Conv2dShape)"/>.</summary>
public sealed class HostWgradPlan
{
    internal HostWgradPlan(HostDevice device, Conv2dWgradHost variant, Conv2dShape shape)
    {
        (Device, Implementation, Shape) = (device, variant, shape);
        WorkspaceElements = variant.WorkspaceElements(device, shape);
    }

    internal HostDevice Device { get; }

    internal Conv2dWgradHost Implementation { get; }

    /// <summary>The convolution, of the whole batch.</summary>
    public Conv2dShape Shape { get; }

    /// <summary>Name of the variant that computes it.</summary>
    public string Variant => Implementation.Name;

    /// <summary>Floats of workspace that a launch needs; what they hold does not matter.</summary>
    public long WorkspaceElements { get; }
}
