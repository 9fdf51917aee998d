using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Devices;

/// <summary>Something that networks run on: the host's cores, or an accelerator.</summary>
public abstract class ComputeDevice : IDisposable
{
    private protected ComputeDevice(string name, string description) => (Name, Description) = (name, description);

    /// <summary>How it is asked for: <c>host</c>, <c>cuda:0</c>, <c>opencl:0</c>.</summary>
    public string Name { get; }

    /// <summary>What it is, for people.</summary>
    public string Description { get; }

    /// <summary>Bytes that maps may take before a picture is run in bands of rows.</summary>
    public abstract long MemoryBudget { get; }

    /// <summary>Input rows of the bands in which a network's tail, whose maps are larger than the picture, runs: what keeps the device busy.</summary>
    internal abstract int TailRows { get; }

    /// <inheritdoc/>
    public abstract void Dispose();

    internal abstract ConvPlan Choose(Conv2dShape shape, Epilogue epilogue);

    internal abstract IDisposable Pack(ConvPlan plan, float[] filter, float[] bias);

    internal abstract Executor CreateExecutor(Network network, IReadOnlyList<ConvPlan?> plans, MemoryPlan plan);
}
