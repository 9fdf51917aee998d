using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.Kernels;

/// <summary>What must change in the PTX that ILGPU 1.5.3 writes before a driver may have it.</summary>
internal static class PtxPatch
{
    // ILGPU names no target above this one, whatever the device.
    private const string Emitted = ".target sm_80";

    /// <summary>
    /// Takes the <c>.uni</c> off branches and names the target up to Hopper's. ILGPU marks branches as uniform that are not, and the
    /// mark keeps ptxas from unrolling loops, so that arrays meant for registers go to memory.
    /// </summary>
    public static string Apply(string ptx, CudaArchitecture architecture)
    {
        ptx = ptx.Replace("bra.uni", "bra");
        return architecture.Major switch
        {
            8 => ptx.Replace(Emitted, $".target sm_8{architecture.Minor}"),
            9 => ptx.Replace(Emitted, ".target sm_90a"), // Hopper's own instructions stand behind the suffix.
            // Drivers compile PTX of sm_80 for every later device too, while a target of its own may need a newer PTX version than ILGPU writes.
            _ => ptx,
        };
    }
}
