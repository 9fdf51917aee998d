using System.Runtime.InteropServices;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Whether this machine has a driver for accelerators at all. Cheap, and apart from everything that touches ILGPU: without a
/// driver, ILGPU need not even be loaded.
/// </summary>
public static class AcceleratorDrivers
{
    // Each on its own: who asks for CUDA should not load OpenCL.
    private static readonly Lazy<bool> Cuda = new(() => NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1", out _));
    private static readonly Lazy<bool> OpenCL = new(() => NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "OpenCL" : "libOpenCL.so.1", out _));

    /// <summary>NVIDIA's driver is installed. It may still find no device.</summary>
    public static bool HasCuda => Cuda.Value;

    /// <summary>An OpenCL loader is installed. It may still find no device.</summary>
    public static bool HasOpenCL => OpenCL.Value;
}
