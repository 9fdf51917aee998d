using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Devices;

/// <summary>The host's own cores. ILGPU is not even loaded.</summary>
/// <param name="threads">Threads that compute; 0 for all processors.</param>
/// <param name="simd">Vector width; the widest the processor has if null.</param>
public sealed class HostComputeDevice(int threads = 0, HostSimd? simd = null) : ComputeDevice("host", Describe(threads, simd))
{
    /// <summary>The threads and vectors that kernels run on.</summary>
    internal HostDevice Device { get; } = new(threads, simd);

    /// <summary>A quarter of the memory that this process may use.</summary>
    public override long MemoryBudget => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4;

    // The rows of a band should still lie in the cores' caches when the next step reads them.
    internal override int TailRows => 16;

    /// <inheritdoc/>
    public override void Dispose() => Device.Dispose();

    internal override ConvPlan Choose(Conv2dShape shape, Epilogue epilogue) => Conv2dKernels.Choose(Device, shape, epilogue);

    internal override IDisposable Pack(ConvPlan plan, float[] filter, float[] bias) => ((HostConvPlan)plan).Pack(filter, bias);

    internal override Executor CreateExecutor(Network network, IReadOnlyList<ConvPlan?> plans, MemoryPlan plan) =>
        new HostExecutor(Device, network.Graph, plans, [.. network.Filters(plans).Select(f => (HostFilter?)f)], plan);

    internal override TrainingExecutor CreateTrainingExecutor(LayerGraph graph, TrainingPlan plan) =>
        new HostTrainingExecutor(this, graph, plan);

    internal static string Describe(int threads = 0, HostSimd? simd = null)
    {
        int count = threads > 0 ? threads : Environment.ProcessorCount;
        return $"{count} {(count == 1 ? "thread" : "threads")}, {simd ?? HostSimdSupport.Widest}";
    }
}
