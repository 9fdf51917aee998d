namespace EdsrIlgpu.Kernels;

/// <summary>The host's variants of the forward convolution, best first; the first that supports a shape computes it.</summary>
internal static class Conv2dHostVariants
{
    public static IReadOnlyList<Conv2dFpropHost> Fprop { get; } = [new Conv2dFpropHostDot(), new Conv2dFpropHostDirect()];
}
