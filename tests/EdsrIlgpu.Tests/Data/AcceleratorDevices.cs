using EdsrIlgpu.Kernels;
using EdsrIlgpu.Kernels.Tests.Accelerators;
using ILGPU.Runtime;

namespace EdsrIlgpu.Tests.Data;

/// <summary>The accelerators of this machine as kernels see them, opened once.</summary>
public sealed class AcceleratorDevices : IDisposable
{
    private readonly AcceleratorCatalog catalog = new();
    private readonly AcceleratorDevice[] devices;

    public AcceleratorDevices() => devices = [.. catalog.Devices.Where(d => AcceleratorChoice.Takes(d.Kind == AcceleratorType.Cuda ? "cuda" : "opencl") && d.UnusableReason is null).Select(d => new AcceleratorDevice(catalog.Open(d)))];

    /// <summary>Runs on each; skips the test, saying why, if there is none.</summary>
    public void Each(Action<AcceleratorDevice> test)
    {
        AcceleratorChoice.Demand(devices.Length > 0, "There is no accelerator here, not even OpenCL on the CPU: install pocl-opencl-icd.");
        foreach (var device in devices)
            test(device);
    }

    public void Dispose()
    {
        foreach (var device in devices)
        {
            device.Dispose();
            device.Accelerator.Dispose();
        }
        catalog.Dispose();
    }
}
