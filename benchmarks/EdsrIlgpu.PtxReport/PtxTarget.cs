using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.PtxReport;

/// <summary>A kind of GPU, and what one multiprocessor of it holds (CUDA C++ Programming Guide, "Technical Specifications per Compute Capability").</summary>
/// <param name="Name">What ptxas calls it.</param>
/// <param name="Architecture">What ILGPU calls it.</param>
/// <param name="SharedBytes">Shared memory of a multiprocessor; each group takes <see cref="ReservedBytes"/> more than its own.</param>
internal sealed record PtxTarget(string Name, CudaArchitecture Architecture, int SharedBytes)
{
    /// <summary>Threads of a warp, warps and groups of a multiprocessor.</summary>
    public const int WarpThreads = 32, Warps = 64, Groups = 32;

    /// <summary>A multiprocessor's four parts, registers of each, and the unit in which a warp gets them.</summary>
    public const int Parts = 4, PartRegisters = 16384, RegisterUnit = 256;

    /// <summary>Registers that a thread can have, and the step in which they count.</summary>
    public const int MostRegisters = 255, RegisterStep = RegisterUnit / WarpThreads;

    /// <summary>Shared memory that the system takes of every group.</summary>
    public const int ReservedBytes = 1024;

    /// <summary>The kinds that the report is about.</summary>
    public static IReadOnlyList<PtxTarget> All { get; } =
    [
        new("sm_80", CudaArchitecture.SM_80, 164 * 1024),
        new("sm_90a", CudaArchitecture.SM_90, 228 * 1024),
    ];

    public override string ToString() => Name;
}
