using System.Globalization;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Devices;

/// <summary>Finds and opens the devices of this machine by name. ILGPU is loaded only when an accelerator is asked for or a driver is there.</summary>
public static class ComputeDevices
{
    /// <summary>Every device there is, the host first; of a kind that has none, an entry that says why.</summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        var devices = new List<DeviceInfo> { new("host", HostComputeDevice.Describe(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, null) };
        if (AcceleratorDrivers.HasCuda || AcceleratorDrivers.HasOpenCL)
            devices.AddRange(AcceleratorFinder.List());
        foreach (var (kind, what, hasDriver) in ((string, string, bool)[])[("cuda", "NVIDIA GPU", AcceleratorDrivers.HasCuda), ("opencl", "OpenCL device", AcceleratorDrivers.HasOpenCL)])
            if (!devices.Any(d => d.Name.StartsWith(kind, StringComparison.Ordinal)))
                devices.Add(new(kind, what, 0, hasDriver ? "its driver finds none" : "no driver is installed"));
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
    public static ComputeDevice Open(string name, int threads = 0) => name switch
    {
        null => throw new ArgumentNullException(nameof(name)),
        "host" or "cpu" => new HostComputeDevice(threads),
        "auto" => (AcceleratorDrivers.HasCuda ? AcceleratorFinder.OpenFirstUsable("cuda") : null) ?? new HostComputeDevice(threads),
        var accelerator when AcceleratorName(accelerator) is { } canonical && (AcceleratorDrivers.HasCuda || AcceleratorDrivers.HasOpenCL) =>
            AcceleratorFinder.Open(canonical) ?? throw Unknown(name),
        _ => throw Unknown(name),
    };

    /// <summary><c>cuda:N</c> or <c>opencl:N</c> for a name of an accelerator, else null.</summary>
    private static string? AcceleratorName(string name) => name.Split(':') switch
    {
        ["cuda" or "opencl"] => $"{name}:0",
        ["cuda" or "opencl", var index] when int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int number) => $"{name.Split(':')[0]}:{number}",
        _ => null,
    };

    private static EdsrException Unknown(string name) => new(
        $"There is no device called '{name}' here; there are auto, {string.Join(", ", List().Select(d => d.UnusableReason is null ? d.Name : $"{d.Name} (not usable: {d.UnusableReason})"))}.");
}
