using EdsrIlgpu.Devices;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>Opens what --device and --threads say.</summary>
internal static class DeviceFactory
{
    /// <summary>The device; where auto had to pass one over, standard error says so.</summary>
    /// <exception cref="EdsrException">There is no such device, or it cannot be used.</exception>
    public static ComputeDevice Open(string name, int threads)
    {
        var device = ComputeDevices.Open(name, threads);
        if (device.Note is not null)
            Console.Error.WriteLine($"edsr: {device.Note} {device.Name} is used in its place.");
        return device;
    }
}
