namespace EdsrIlgpu.Kernels;

/// <summary>The host's variants of the convolution and of its weights' gradient, best first; the first that supports a shape computes it.</summary>
internal static class Conv2dHostVariants
{
    public static IReadOnlyList<Conv2dFpropHost> Fprop { get; } = [new Conv2dFpropHostDot(), new Conv2dFpropHostDirect()];

    public static IReadOnlyList<Conv2dWgradHost> Wgrad { get; } = [new Conv2dWgradHostAlongInputs(), new Conv2dWgradHostAlongOutputs()];
}
