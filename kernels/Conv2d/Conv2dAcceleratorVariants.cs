namespace EdsrIlgpu.Kernels;

/// <summary>The accelerators' variants of the forward convolution, best first; the first that supports a shape computes it.</summary>
internal static class Conv2dAcceleratorVariants
{
    public static IReadOnlyList<Conv2dFpropAccelerator> Fprop { get; } =
    [
        new Conv2dFpropImplicitGemm<Tile8x16x64>(),
        new Conv2dFpropImplicitGemm<Tile16x16x32>(),
        new Conv2dFpropImplicitGemm<Tile16x32x16>(),
        new Conv2dFpropDirectQuads(),
        new Conv2dFpropDirect(),
    ];
}
