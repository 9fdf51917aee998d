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
