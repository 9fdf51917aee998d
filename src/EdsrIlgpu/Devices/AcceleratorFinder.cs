using EdsrIlgpu.Kernels;
using ILGPU.Runtime;

namespace EdsrIlgpu.Devices;

/// <summary>
/// The part of <see cref="ComputeDevices"/> that touches ILGPU. No type of ILGPU stands in its methods' signatures: the runtime would
/// load it for whoever calls them, needed or not.
/// </summary>
internal static class AcceleratorFinder
{
    /// <summary>Every CUDA and OpenCL device.</summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        using var catalog = new AcceleratorCatalog();
        return [.. catalog.Devices.Select(d => new DeviceInfo(Name(d), d.Name, d.MemoryBytes, d.UnusableReason))];
    }

    /// <summary>Opens the first usable device of a kind, cuda or opencl; null if there is none.</summary>
    /// <exception cref="EdsrException">It cannot be opened.</exception>
    public static ComputeDevice? OpenFirstUsable(string kind) => Open(d => Kind(d) == kind && d.UnusableReason is null);

    /// <summary>Opens a device by its name with its number; null if there is none.</summary>
    /// <exception cref="EdsrException">It cannot be opened or used.</exception>
    public static ComputeDevice? Open(string name) => Open(d => Name(d) == name);

    private static AcceleratorComputeDevice? Open(Func<AcceleratorInfo, bool> isMeant)
    {
        var catalog = new AcceleratorCatalog();
        try
        {
            if (catalog.Devices.FirstOrDefault(isMeant) is { } info)
                return new AcceleratorComputeDevice(catalog, info, Name(info));
        }
        catch (Exception problem)
        {
            catalog.Dispose();
            throw new EdsrException($"The device cannot be used: {problem.Message} Take another, for example host.", problem);
        }
        catalog.Dispose();
        return null;
    }

    private static string Kind(AcceleratorInfo info) => info.Kind == AcceleratorType.Cuda ? "cuda" : "opencl";

    private static string Name(AcceleratorInfo info) => $"{Kind(info)}:{info.Index}";
}
