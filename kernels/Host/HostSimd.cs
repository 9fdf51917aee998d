using System.Runtime.Intrinsics.X86;

namespace EdsrIlgpu.Kernels;

/// <summary>The widths of vector that host kernels are compiled for.</summary>
public enum HostSimd
{
    /// <summary>4 floats: any processor (SSE, NEON).</summary>
    Vector128,

    /// <summary>8 floats: AVX2 with FMA.</summary>
    Vector256,

    /// <summary>16 floats: AVX-512.</summary>
    Vector512,
}

/// <summary>What this processor has.</summary>
public static class HostSimdSupport
{
    // The portable Vector512 falls to emulation without the hardware, so each width asks for its own instructions.
    /// <summary>The widest that this processor runs.</summary>
    public static HostSimd Widest { get; } =
        Avx512F.IsSupported ? HostSimd.Vector512 : Avx2.IsSupported && Fma.IsSupported ? HostSimd.Vector256 : HostSimd.Vector128;
}
