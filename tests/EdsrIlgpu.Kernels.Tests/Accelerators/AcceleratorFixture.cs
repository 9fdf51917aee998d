using System.Collections.Concurrent;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>
/// One accelerator of each kind, opened when a test first asks for it. Under Oclgrind (<see cref="Oclgrind"/>) there is only that
/// one, as the OpenCL device.
/// </summary>
public sealed class AcceleratorFixture : IDisposable
{
    /// <summary>ILGPU's simulation on the CPU with warps of 32. It runs the C# method itself, slowly.</summary>
    public const string Simulated = "simulated";

    /// <summary>The first OpenCL device, PoCL where there is no other.</summary>
    public const string OpenCL = "opencl";

    /// <summary>The first CUDA device.</summary>
    public const string Cuda = "cuda";

    private readonly ConcurrentDictionary<string, Lazy<TestAccelerator>> open = new();
    private readonly Lazy<AcceleratorCatalog> catalog = new(() => new AcceleratorCatalog());
    private readonly Lazy<Context> simulation = new(() => Context.Create(b => b.CPU(CPUDeviceKind.Nvidia).Optimize(OptimizationLevel.O2)));

    public static TheoryData<string> Kinds => [Simulated, OpenCL, Cuda];

    /// <summary>The accelerator of a kind; skips the test where there is none.</summary>
    public TestAccelerator Open(string kind) => open.GetOrAdd(kind, k => new(() => new TestAccelerator(kind, Create(k)))).Value;

    public void Dispose()
    {
        Oclgrind.Report(open.Values.Where(a => a.IsValueCreated).SelectMany(a => a.Value.Device.Loaded));
        foreach (var accelerator in open.Values.Where(a => a.IsValueCreated))
            accelerator.Value.Dispose();
        if (catalog.IsValueCreated)
            catalog.Value.Dispose();
        if (simulation.IsValueCreated)
            simulation.Value.Dispose();
    }

    private Accelerator Create(string kind)
    {
        if (Oclgrind.IsHere)
            Assert.SkipUnless(kind == OpenCL, "Oclgrind is an OpenCL device.");
        Assert.SkipUnless(AcceleratorChoice.Takes(kind), "Another kind of accelerator was asked for.");
        if (kind == Simulated)
            return simulation.Value.CreateCPUAccelerator(0);
        var wanted = kind == Cuda ? AcceleratorType.Cuda : AcceleratorType.OpenCL;
        var device = catalog.Value.Devices.FirstOrDefault(d => d.Kind == wanted);
        AcceleratorChoice.Demand(device is not null, $"This machine has no {(kind == Cuda ? "CUDA device" : "OpenCL device (Debian's pocl-opencl-icd would do)")}.");
        AcceleratorChoice.Demand(device.UnusableReason is null, $"{device.Name} is not usable: {device.UnusableReason}.");
        return catalog.Value.Open(device);
    }
}
