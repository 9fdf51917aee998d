using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.PtxReport;

/// <summary>A kernel that the report is about.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="IsConvolution">Whether the report counts its loops.</param>
/// <param name="IsWgrad">Whether it computes weights' gradients.</param>
/// <param name="InnerLoops">Its loops over shared memory, if it is a tiled convolution.</param>
internal sealed record ReportedKernel(AcceleratorKernel Kernel, bool IsConvolution = false, bool IsWgrad = false, Conv2dInnerLoops? InnerLoops = null)
{
    /// <summary>All there are, by name.</summary>
    public static IReadOnlyList<ReportedKernel> All { get; } = FindAll();

    private static ReportedKernel[] FindAll()
    {
        ReportedKernel[] convolutions =
        [
            .. Conv2dAcceleratorVariants.Fprop.SelectMany(v => v.Kernels, (v, kernel) => new ReportedKernel(kernel, true, false, v.InnerLoops)),
            .. Conv2dAcceleratorVariants.Wgrad.Select(v => new ReportedKernel(v.Kernel, true, true, v.InnerLoops)),
        ];
        var others = AcceleratorKernelList.All.Except(convolutions.Select(c => c.Kernel)).Select(kernel => new ReportedKernel(kernel));
        return [.. convolutions.Concat(others).OrderBy(k => k.Kernel.ToString(), StringComparer.Ordinal)];
    }
}
