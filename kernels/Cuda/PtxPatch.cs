using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.Kernels;

/// <summary>What must change in the PTX that ILGPU 1.5.3 writes before a driver may have it.</summary>
internal static class PtxPatch
{
    // ILGPU names no target above this one, whatever the device.
    private const string Emitted = ".target sm_80";

    /// <summary>
    /// Takes the <c>.uni</c> off branches and names the device's own target. ILGPU marks branches as uniform that are not, and the
    /// mark keeps ptxas from unrolling loops, so that arrays meant for registers go to memory.
    /// </summary>
    public static string Apply(string ptx, CudaArchitecture architecture)
    {
        ptx = ptx.Replace("bra.uni", "bra");
        // From Hopper on, the instructions of one architecture alone stand behind the suffix a.
        return architecture > CudaArchitecture.SM_80
            ? ptx.Replace(Emitted, $".target sm_{architecture.Major}{architecture.Minor}{(architecture.Major >= 9 ? "a" : "")}")
            : ptx;
    }
}
