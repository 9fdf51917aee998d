using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>An accelerator of this machine.</summary>
/// <param name="Kind"><see cref="AcceleratorType.Cuda"/> or <see cref="AcceleratorType.OpenCL"/>.</param>
/// <param name="Index">Its number among those of its kind, from 0.</param>
/// <param name="Name">What its driver calls it.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="UnusableReason">Why kernels cannot run on it; null if they can.</param>
public sealed record AcceleratorInfo(AcceleratorType Kind, int Index, string Name, long MemoryBytes, string? UnusableReason)
{
    /// <summary>The OpenCL platform that it belongs to, and who made that; null for CUDA.</summary>
    public string? Platform { get; init; }
}
