namespace EdsrIlgpu.Kernels;

/// <summary>Every kernel for accelerators, so that tests compile and check all of them.</summary>
internal static class AcceleratorKernelList
{
    /// <summary>The kernels.</summary>
    public static IReadOnlyList<AcceleratorKernel> All { get; } =
    [
        ZeroBordersKernel<float>.Definition,
        MapCopyKernels.LoadKernel,
        MapCopyKernels.StoreKernel,
        ReluKernels.Kernel<float, ScalarLanes>.Definition,
        ReluKernels.Kernel<Float4, QuadLanes>.Definition,
        ReluKernels.BackwardKernel<float, ScalarLanes>.Definition,
        ReluKernels.BackwardKernel<Float4, QuadLanes>.Definition,
        ScaledResidualAddKernels.Kernel<float, ScalarLanes>.Definition,
        ScaledResidualAddKernels.Kernel<Float4, QuadLanes>.Definition,
        ScaledResidualAddKernels.ScaleKernel<float, ScalarLanes>.Definition,
        ScaledResidualAddKernels.ScaleKernel<Float4, QuadLanes>.Definition,
        PixelShuffleKernels.Kernel<float>.Definition,
        PixelShuffleKernels.Kernel<Float4>.Definition,
        PixelShuffleKernels.BackwardKernel<float>.Definition,
        PixelShuffleKernels.BackwardKernel<Float4>.Definition,
        PixelNormKernels.LoadKernel<byte, BytePixel>.Definition,
        PixelNormKernels.LoadKernel<ushort, UInt16Pixel>.Definition,
        PixelNormKernels.StoreKernel<byte, BytePixel>.Definition,
        PixelNormKernels.StoreKernel<ushort, UInt16Pixel>.Definition,
        DihedralKernels.Kernel<float>.Definition,
        DihedralKernels.Kernel<Float4>.Definition,
        DeviceTrainedFilter.Kernel,
        LossKernels.Kernel<L1Loss>.Definition,
        LossKernels.Kernel<MseLoss>.Definition,
        LossKernels.MeanKernel,
        AdamKernels.UpdateKernel,
        GradientNormKernels.SumKernel,
        GradientNormKernels.RootKernel,
        EmaKernels.UpdateKernel,
        PatchKernels.CutKernel<byte, BytePixel>.Definition,
        PatchKernels.CutKernel<ushort, UInt16Pixel>.Definition,
        BilinearReductionKernels.Kernel<byte, BytePixel>.Definition,
        BilinearReductionKernels.Kernel<ushort, UInt16Pixel>.Definition,
        DegradationKernels.CutKernel<byte, BytePixel>.Definition,
        DegradationKernels.CutKernel<ushort, UInt16Pixel>.Definition,
        .. Conv2dAcceleratorVariants.Fprop.SelectMany(variant => variant.Kernels),
        .. Conv2dAcceleratorVariants.Wgrad.Select(variant => variant.Kernel),
        Conv2dWgradSum.Kernel,
    ];
}
