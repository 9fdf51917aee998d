using System.Runtime.Intrinsics.X86;

namespace EdsrIlgpu.Kernels;

/// <summary>What this processor has.</summary>
public static class HostSimdSupport
{
    // The portable Vector512 falls to emulation without the hardware, so each width asks for its own instructions.
    /// <summary>The widest that this processor runs.</summary>
    public static HostSimd Widest { get; } =
        Avx512F.IsSupported ? HostSimd.Vector512 : Avx2.IsSupported && Fma.IsSupported ? HostSimd.Vector256 : HostSimd.Vector128;
}
