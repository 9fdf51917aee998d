using EdsrIlgpu.PtxReport;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Every kernel's PTX, compiled once for all tests that look at it.</summary>
internal static class CompiledKernels
{
    private static readonly Dictionary<PtxTarget, Lazy<IReadOnlyList<KernelPtx>>> Targets =
        PtxTarget.All.ToDictionary(t => t, t => new Lazy<IReadOnlyList<KernelPtx>>(() => KernelPtx.Compile(AcceleratorKernelList.All, t)));

    /// <summary>Of all kernels, for a kind of GPU.</summary>
    public static IReadOnlyList<KernelPtx> For(PtxTarget target) => Targets[target].Value;
}
