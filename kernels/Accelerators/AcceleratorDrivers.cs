using System.Runtime.InteropServices;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Whether this machine has a driver for accelerators at all. Cheap, and apart from everything that touches ILGPU: without a
/// driver, ILGPU need not even be loaded.
/// </summary>
public static class AcceleratorDrivers
{
    /// <summary>NVIDIA's driver is installed. It may still find no device.</summary>
    public static bool HasCuda { get; } = NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "nvcuda" : "libcuda.so.1", out _);

    /// <summary>An OpenCL loader is installed. It may still find no device.</summary>
    public static bool HasOpenCL { get; } = NativeLibrary.TryLoad(OperatingSystem.IsWindows() ? "OpenCL" : "libOpenCL.so.1", out _);
}
