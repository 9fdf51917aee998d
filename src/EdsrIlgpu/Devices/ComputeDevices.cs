using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Devices;

/// <summary>
/// Finds and opens the devices of this machine by name. ILGPU is loaded only when an accelerator is asked for or a driver is there.
/// <para>
/// An accelerator that is opened for the first time in a process runs a small convolution first. One whose result is wrong, or that
/// fails, is not used.
/// </para>
/// </summary>
public static class ComputeDevices
{
    /// <summary>Every device there is, the host first; of a kind that has none, an entry that says why.</summary>
    /// <param name="test">Whether accelerators are opened and tested; those that fail are listed as unusable.</param>
    public static IReadOnlyList<DeviceInfo> List(bool test = false)
    {
        var devices = new List<DeviceInfo> { new("host", HostComputeDevice.Describe(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, null) };
        if (AcceleratorDrivers.HasCuda || AcceleratorDrivers.HasOpenCL)
            devices.AddRange(AcceleratorFinder.List(test));
        foreach (var (kind, what, hasDriver) in ((string, string, bool)[])[("cuda", "NVIDIA GPU", AcceleratorDrivers.HasCuda), ("opencl", "OpenCL device", AcceleratorDrivers.HasOpenCL)])
            if (!devices.Any(d => d.Name.StartsWith(kind, StringComparison.Ordinal)))
                devices.Add(new(kind, what, 0, hasDriver ? "its driver finds none" : "no driver is installed"));
        return devices;
    }

    /// <summary>Opens a device.</summary>
    /// <param name="name">
    /// <c>host</c> (or <c>cpu</c>); <c>cuda</c> or <c>opencl</c>, followed by <c>:N</c> for another than the first, or by <c>:</c> and a
    /// part of what the device is called; or <c>auto</c>: the first CUDA device that works, else the host. In any case.
    /// </param>
    /// <param name="threads">Threads of the host; 0 for all processors.</param>
    /// <returns>The device; the caller disposes it. Its <see cref="ComputeDevice.Note"/> says so where <c>auto</c> had to pass one over.</returns>
    /// <exception cref="EdsrException">There is no such device, several have that in their names, or it cannot be used.</exception>
    public static ComputeDevice Open(string name, int threads = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.ToLowerInvariant().Split(':', 2) switch
        {
            ["host" or "cpu"] => new HostComputeDevice(threads),
            ["auto"] => OpenFirst("cuda", threads),
            ["cuda" or "opencl"] kind => OpenAccelerator(kind[0], "0") ?? throw Unknown(name),
            ["cuda" or "opencl", var which] kind => OpenAccelerator(kind[0], which) ?? throw Unknown(name),
            _ => throw Unknown(name),
        };
    }

    /// <summary>The first device of a kind that works, else the host.</summary>
    internal static ComputeDevice OpenFirst(string kind, int threads)
    {
        string? note = null;
        return (HasDriver(kind) ? AcceleratorFinder.OpenFirst(kind, out note) : null) ?? new HostComputeDevice(threads) { Note = note };
    }

    private static ComputeDevice? OpenAccelerator(string kind, string which) => HasDriver(kind) ? AcceleratorFinder.Open(kind, which) : null;

    private static bool HasDriver(string kind) => kind == "cuda" ? AcceleratorDrivers.HasCuda : AcceleratorDrivers.HasOpenCL;

    private static EdsrException Unknown(string name) => new(
        $"There is no device called '{name}' here; there are auto, {string.Join(", ", List().Select(d => $"{d.Name} ({(d.UnusableReason is null ? d.Description : $"not usable: {d.UnusableReason}")})"))}.");
}
