using System.Runtime.InteropServices;

namespace EdsrIlgpu.Kernels;

/// <summary>Four floats that travel as one 16-byte access in accelerator kernels.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Float4
{
    /// <summary>First.</summary>
    public float X;

    /// <summary>Second.</summary>
    public float Y;

    /// <summary>Third.</summary>
    public float Z;

    /// <summary>Fourth.</summary>
    public float W;
}
