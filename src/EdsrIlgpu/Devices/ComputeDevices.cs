using System.Globalization;
using EdsrIlgpu.Kernels;
using ILGPU.Runtime;

namespace EdsrIlgpu.Devices;

/// <summary>Finds and opens the devices of this machine by name. ILGPU is loaded only when an accelerator is asked for or a driver is there.</summary>
public static class ComputeDevices
{
    private const string Auto = "auto", Host = "host", Cuda = "cuda", OpenCL = "opencl";

    /// <summary>Every device there is, the host first, then CUDA, then OpenCL.</summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        using var host = new HostComputeDevice();
        var devices = new List<DeviceInfo> { new(host.Name, host.Description, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, null) };
        if (AcceleratorDrivers.HasCuda || AcceleratorDrivers.HasOpenCL)
            devices.AddRange(ListAccelerators());
        return devices;
    }

    /// <summary>Opens a device.</summary>
    /// <param name="name">
    /// <c>host</c> (or <c>cpu</c>), <c>cuda</c>, <c>opencl</c>, the last two with <c>:N</c> for another than the first, or <c>auto</c>:
    /// CUDA if a usable device exists, else the host.
    /// </param>
    /// <param name="threads">Threads of the host; 0 for all processors.</param>
    /// <returns>The device; the caller disposes it.</returns>
    /// <exception cref="EdsrException">There is no such device, or it cannot be used.</exception>
    public static ComputeDevice Open(string name, int threads = 0)
    {
        switch (name.ToLowerInvariant())
        {
            case Host or "cpu":
                return new HostComputeDevice(threads);
            case Auto:
                return (AcceleratorDrivers.HasCuda ? TryOpenFirst(AcceleratorType.Cuda) : null) ?? new HostComputeDevice(threads);
            case var other when TryParse(other, out string kind, out int index):
                return (AcceleratorDrivers.HasCuda || AcceleratorDrivers.HasOpenCL ? TryOpen(kind, index) : null) ?? throw Unknown(name);
            default:
                throw Unknown(name);
        }
    }

    // What follows touches ILGPU, and stands apart so that the runtime loads it only when it gets here.
    private static IEnumerable<DeviceInfo> ListAccelerators()
    {
        using var catalog = new AcceleratorCatalog();
        return [.. catalog.Devices.Select(d => new DeviceInfo($"{Kind(d.Kind)}:{d.Index}", d.Name, d.MemoryBytes, d.UnusableReason))];
    }

    private static ComputeDevice? TryOpenFirst(AcceleratorType kind) =>
        Open(devices => devices.FirstOrDefault(d => d.Kind == kind && d.UnusableReason is null));

    private static ComputeDevice? TryOpen(string kind, int index) =>
        Open(devices => devices.FirstOrDefault(d => Kind(d.Kind) == kind && d.Index == index));

    private static ComputeDevice? Open(Func<IReadOnlyList<AcceleratorInfo>, AcceleratorInfo?> choose)
    {
        var catalog = new AcceleratorCatalog();
        try
        {
            if (choose(catalog.Devices) is not { } info)
            {
                catalog.Dispose();
                return null;
            }
            string name = $"{Kind(info.Kind)}:{info.Index}";
            if (info.UnusableReason is not null)
                throw new EdsrException($"The device {name}, {info.Name}, cannot be used: {info.UnusableReason}.");
            return new AcceleratorComputeDevice(catalog, info, name);
        }
        catch (Exception problem) when (problem is not EdsrException)
        {
            catalog.Dispose();
            throw new EdsrException($"A device could not be opened: {problem.Message} Use --device host.", problem);
        }
    }

    private static string Kind(AcceleratorType kind) => kind == AcceleratorType.Cuda ? Cuda : OpenCL;

    private static bool TryParse(string name, out string kind, out int index)
    {
        int colon = name.IndexOf(':');
        kind = colon < 0 ? name : name[..colon];
        index = 0;
        return kind is Cuda or OpenCL && (colon < 0 || int.TryParse(name.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out index));
    }

    private static EdsrException Unknown(string name) => new(
        $"There is no device {name} here; there are auto, {string.Join(", ", List().Select(d => d.UnusableReason is null ? d.Name : $"{d.Name} (not usable: {d.UnusableReason})"))}.");
}
