using EdsrIlgpu.Devices;
using EdsrIlgpu.Kernels.Tests.Accelerators;
using EdsrIlgpu.Tests;

[assembly: AssemblyFixture(typeof(TestAccelerators))]

namespace EdsrIlgpu.Tests;

/// <summary>The accelerators of this machine, opened once for all tests, so that each kernel is compiled once: PoCL where there is no GPU.</summary>
public sealed class TestAccelerators : IDisposable
{
    /// <summary>Classes with this trait run on accelerators; all that take them have it, so that they can be run alone on a machine with a GPU.</summary>
    public const string Trait = "accelerator";

    private readonly Lazy<IReadOnlyList<ComputeDevice>> devices =
        new(() => [.. ComputeDevices.List().Where(d => d.Name != "host" && AcceleratorChoice.Takes(d.Name.Split(':')[0]) && d.UnusableReason is null).Select(d => ComputeDevices.Open(d.Name))]);

    /// <summary>All usable ones; skips the test, saying why, if there is none.</summary>
    internal IReadOnlyList<ComputeDevice> Devices
    {
        get
        {
            AcceleratorChoice.Demand(devices.Value.Count > 0, "There is no accelerator here, not even OpenCL on the CPU: install pocl-opencl-icd.");
            return devices.Value;
        }
    }

    public void Dispose()
    {
        if (!devices.IsValueCreated)
            return;
        foreach (var device in devices.Value)
            device.Dispose();
    }
}
