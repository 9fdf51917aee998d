using System.Runtime.InteropServices;

namespace EdsrIlgpu.Kernels;

/// <summary>Two floats that travel as one 8-byte access in accelerator kernels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Float2
{
    /// <summary>First.</summary>
    public float X;

    /// <summary>Second.</summary>
    public float Y;
}
