using System.Runtime.InteropServices;
using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Where ILGPU finds its drivers. It asks for libraries named <c>cuda</c> and <c>OpenCL</c>; containers, and systems without
/// development packages, have only <c>libcuda.so.1</c> and <c>libOpenCL.so.1</c>, and ILGPU would silently report no device.
/// </summary>
internal static class AcceleratorLibraries
{
    private static readonly Lazy<bool> Resolver = new(Install);

    /// <summary>Makes both libraries known to ILGPU; to be called before its first use.</summary>
    public static void Ensure() => _ = Resolver.Value;

    private static bool Install()
    {
        // On Windows the names are right, and under WSL ILGPU installs a resolver of its own; an assembly takes only one.
        if (!OperatingSystem.IsLinux() || Directory.Exists("/usr/lib/wsl/lib"))
            return false;
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(Context).Assembly, (name, assembly, path) =>
                name is "cuda" or "OpenCL" && NativeLibrary.TryLoad($"lib{name}.so.1", assembly, null, out nint library) ? library : 0);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false; // The application has a resolver already, and it is the one that counts.
        }
    }
}
