using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using ILGPU.Runtime;

namespace EdsrIlgpu.Devices;

/// <summary>A GPU, or another accelerator, through ILGPU.</summary>
public sealed class AcceleratorComputeDevice : ComputeDevice
{
    private readonly AcceleratorCatalog? catalog;
    private readonly AcceleratorDevice device;

    /// <summary>Runs on an accelerator that somebody else opened, and disposes after this. It is not tested.</summary>
    /// <param name="accelerator">CUDA or OpenCL; its context should optimise at O2.</param>
    /// <param name="name">What the device is called.</param>
    public AcceleratorComputeDevice(Accelerator accelerator, string name) : base(name, accelerator.Name) => device = new AcceleratorDevice(accelerator);

    /// <summary>Takes a device of a catalog, and the catalog with it.</summary>
    internal AcceleratorComputeDevice(AcceleratorCatalog catalog, AcceleratorDevice device, string name, string description) : base(name, description) =>
        (this.catalog, this.device) = (catalog, device);

    /// <summary>A quarter of the device's memory: what OpenCL promises to give in one piece.</summary>
    public override long MemoryBudget => device.Accelerator.MemorySize / 4;

    /// <summary>The kernels that run on it.</summary>
    internal AcceleratorDevice Device => device;

    // Rows enough for a launch to fill a large GPU.
    internal override int TailRows => 256;

    /// <inheritdoc/>
    public override void Dispose()
    {
        device.Dispose();
        if (catalog is null)
            return;
        device.Accelerator.Dispose();
        catalog.Dispose();
    }

    internal override ConvPlan Choose(Conv2dShape shape, Epilogue epilogue) => Conv2dKernels.Choose(device, shape, epilogue);

    internal override IDisposable Pack(ConvPlan plan, float[] filter, float[] bias)
    {
        using var stream = device.Accelerator.CreateStream();
        return ((DeviceConvPlan)plan).Pack(stream, filter, bias);
    }

    internal override Executor CreateExecutor(Network network, IReadOnlyList<ConvPlan?> plans, MemoryPlan plan) =>
        new AcceleratorExecutor(device, network.Graph, plans, [.. network.Filters(plans).Select(f => (DeviceFilter?)f)], plan);

    internal override TrainingExecutor CreateTrainingExecutor(LayerGraph graph, TrainingPlan plan) =>
        new AcceleratorTrainingExecutor(this, graph, plan);
}
