using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>
/// The accelerators that tests run on, each opened once: ILGPU's simulation on the CPU with warps of 32, for tiny problems; the
/// first OpenCL device (PoCL, or Oclgrind where the environment names it) and the first CUDA device, if there are any.
/// </summary>
internal static class TestDevices
{
    public const string Cpu = "cpu", OpenCL = "opencl", Cuda = "cuda";

    private static readonly Lazy<AcceleratorCatalog> Catalog = new(() => new AcceleratorCatalog());
    private static readonly Lazy<AcceleratorDevice> Simulation = new(() =>
        new AcceleratorDevice(Context.Create(b => b.CPU(CPUDeviceKind.Nvidia)).CreateCPUAccelerator(0)));

    private static readonly Lazy<AcceleratorDevice?> FirstOpenCL = new(() => Open(AcceleratorType.OpenCL));
    private static readonly Lazy<AcceleratorDevice?> FirstCuda = new(() => Open(AcceleratorType.Cuda));

    /// <summary>All kinds.</summary>
    public static TheoryData<string> All => [Cpu, OpenCL, Cuda];

    /// <summary>A device; skips the test where there is none.</summary>
    public static AcceleratorDevice Get(string kind)
    {
        var device = kind switch { Cpu => Simulation.Value, OpenCL => FirstOpenCL.Value, _ => FirstCuda.Value };
        Assert.SkipWhen(device is null, $"This machine has no usable {kind} device.");
        return device;
    }

    private static AcceleratorDevice? Open(AcceleratorType kind)
    {
        var info = Catalog.Value.Devices.FirstOrDefault(d => d.Kind == kind && d.UnusableReason is null);
        return info is null ? null : new AcceleratorDevice(Catalog.Value.Open(info));
    }
}
