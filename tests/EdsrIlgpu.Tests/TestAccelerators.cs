using EdsrIlgpu.Devices;

namespace EdsrIlgpu.Tests;

/// <summary>The accelerators of this machine, opened once: PoCL where there is no GPU.</summary>
public sealed class TestAccelerators : IDisposable
{
    private readonly IReadOnlyList<ComputeDevice> devices =
        [.. ComputeDevices.List().Where(d => d.Name != "host" && d.UnusableReason is null).Select(d => ComputeDevices.Open(d.Name))];

    /// <summary>All usable ones; skips the test, saying why, if there is none.</summary>
    internal IReadOnlyList<ComputeDevice> Devices
    {
        get
        {
            Assert.SkipWhen(devices.Count == 0, "There is no accelerator here, not even OpenCL on the CPU: install pocl-opencl-icd.");
            return devices;
        }
    }

    public void Dispose()
    {
        foreach (var device in devices)
            device.Dispose();
    }
}
