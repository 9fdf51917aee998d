using EdsrIlgpu.Devices;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>
/// A graph with its parameters on a device. Parameters are immutable and shared; each caller runs an <see cref="Executor"/> of
/// its own. Safe to use from several threads.
/// </summary>
public sealed class Network : IDisposable
{
    private readonly Dictionary<string, (float[] Filter, float[] Bias)> parameters = [];
    private readonly Dictionary<(string Parameters, string Variant), IDisposable> packed = [];
    private readonly Lock packing = new();
    private bool disposed;

    /// <summary>Takes the parameters in PyTorch's layout.</summary>
    /// <param name="graph">The network; its output must be set.</param>
    /// <param name="parameters">For each convolution of the graph <c>name.weight</c> [K, C, 3, 3] and <c>name.bias</c> [K].</param>
    /// <param name="device">Where it runs. Not disposed with the network.</param>
    /// <exception cref="ArgumentException">A parameter is missing or has another length.</exception>
    public Network(LayerGraph graph, IReadOnlyDictionary<string, float[]> parameters, ComputeDevice device)
    {
        _ = graph.OutputValue;
        (Graph, Device) = (graph, device);
        foreach (var (name, k, c, shuffle) in graph.Parameters)
            this.parameters[name] = (
                FilterLayout.ToKernel(FilterLayout.Find(parameters, $"{name}.weight", k * c * 9), k, c, shuffle),
                FilterLayout.ToKernel(FilterLayout.Find(parameters, $"{name}.bias", k), k, shuffle));
    }

    /// <summary>The network's steps.</summary>
    public LayerGraph Graph { get; }

    /// <summary>Where it runs.</summary>
    public ComputeDevice Device { get; }

    /// <summary>What a run on pictures of this shape will keep in memory; allocates nothing.</summary>
    public MemoryPlan Plan(int pictures, int height, int width, MemoryMode mode) =>
        new(Graph, pictures, height, width, Device.Choose(Graph, pictures, height, width), mode, Device.TailRows);

    /// <summary>Allocates what a run on pictures of this shape needs.</summary>
    /// <exception cref="OutOfMemoryException">The device has not that much memory.</exception>
    public Executor CreateExecutor(int pictures, int height, int width, MemoryMode mode)
    {
        var plans = Device.Choose(Graph, pictures, height, width);
        return Device.CreateExecutor(this, plans, new MemoryPlan(Graph, pictures, height, width, plans, mode, Device.TailRows));
    }

    /// <summary>The packed parameters of each step; null where it is no convolution.</summary>
    internal IDisposable?[] Filters(IReadOnlyList<ConvPlan?> plans) =>
        [.. Graph.Steps.Select((s, i) => s is Conv2dStep conv ? Filter(conv, plans[i]!) : null)];

    /// <summary>Frees the packed parameters. Its executors are disposed before.</summary>
    public void Dispose()
    {
        lock (packing)
        {
            disposed = true;
            foreach (var filter in packed.Values)
                filter.Dispose();
            packed.Clear();
        }
    }

    /// <summary>The parameters of a step, packed for its plan's variant; packed once.</summary>
    private IDisposable Filter(Conv2dStep step, ConvPlan plan)
    {
        lock (packing)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!packed.TryGetValue((step.Parameters, plan.Variant), out var filter))
            {
                var (weights, bias) = parameters[step.Parameters];
                packed[(step.Parameters, plan.Variant)] = filter = Device.Pack(plan, weights, bias);
            }
            return filter;
        }
    }
}
