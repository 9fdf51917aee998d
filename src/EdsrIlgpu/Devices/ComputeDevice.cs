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

    /// <summary>Why it is this device and not one that <c>auto</c> would have preferred, in a sentence or more; null if there is nothing to say.</summary>
    public string? Note { get; internal init; }

    /// <summary>Bytes that maps may take before a picture is run in bands of rows.</summary>
    public abstract long MemoryBudget { get; }

    /// <summary>Input rows of the bands in which a network's tail, whose maps are larger than the picture, runs: what keeps the device busy.</summary>
    internal abstract int TailRows { get; }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Allocates what training a network on batches of one shape needs; the parameters are zero until they are written.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="batch">Pictures in a batch.</param>
    /// <param name="height">Rows of an input.</param>
    /// <param name="width">Columns of an input.</param>
    /// <exception cref="ArgumentException">The graph has no convolution, or a size is out of range.</exception>
    /// <exception cref="EdsrException">A variant that an environment variable forces cannot do it.</exception>
    /// <exception cref="OutOfMemoryException">The device has not that much memory.</exception>
    public TrainingExecutor CreateTrainingExecutor(LayerGraph graph, int batch, int height, int width) =>
        NamingForced(() => CreateTrainingExecutor(graph, new TrainingPlan(graph, batch, height, width)));

    internal abstract TrainingExecutor CreateTrainingExecutor(LayerGraph graph, TrainingPlan plan);

    internal abstract ConvPlan Choose(Conv2dShape shape, Epilogue epilogue);

    /// <summary>How each step is computed; null where it is no convolution.</summary>
    /// <exception cref="EdsrException">A variant that an environment variable forces cannot do it.</exception>
    internal ConvPlan?[] Choose(LayerGraph graph, int pictures, int height, int width) => NamingForced<ConvPlan?[]>(
        () => [.. graph.Steps.Select(s => s is Conv2dStep conv ? Choose(conv.Shape(pictures, height, width), conv.Epilogue) : null)]);

    internal abstract IDisposable Pack(ConvPlan plan, float[] filter, float[] bias);

    internal abstract Executor CreateExecutor(Network network, IReadOnlyList<ConvPlan?> plans, MemoryPlan plan);

    /// <summary>Chooses variants. Whoever runs the program set the variable that forces one; it is no mistake of the program's.</summary>
    private static T NamingForced<T>(Func<T> choose)
    {
        try
        {
            return choose();
        }
        catch (ForcedVariantException problem)
        {
            throw new EdsrException(problem.Message, problem);
        }
    }
}
