namespace EdsrIlgpu.Kernels;

/// <summary>The accelerators' variants, best first; the first that supports a shape computes it.</summary>
internal static class Conv2dAcceleratorVariants
{
    /// <summary>Of the forward convolution.</summary>
    public static IReadOnlyList<Conv2dFpropAccelerator> Fprop { get; } =
    [
        new Conv2dFpropImplicitGemm<Tile8x16x64>(),
        new Conv2dFpropImplicitGemm<Tile16x16x32>(),
        new Conv2dFpropImplicitGemm<Tile16x32x16>(),
        new Conv2dFpropDirectQuads(),
        new Conv2dFpropDirect(),
    ];

    /// <summary>Of the gradients of filter and bias.</summary>
    public static IReadOnlyList<Conv2dWgradAccelerator> Wgrad { get; } =
    [
        new Conv2dWgradImplicitGemm<Size64>(),
        new Conv2dWgradImplicitGemm<Size32>(),
        new Conv2dWgradImplicitGemm<Size16>(),
        new Conv2dWgradDirect(),
    ];
}
