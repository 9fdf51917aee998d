using EdsrIlgpu.Data;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>
/// A network in training on a device, for batches of one shape: activations, gradients, parameters and the optimiser's state. It
/// does the parts of a training step; the trainer puts them in order. After the first step nothing is allocated, and equal calls give
/// equal bits on the same device. For one caller at a time.
/// </summary>
public abstract class TrainingExecutor : IDisposable
{
    private bool areFiltersStale = true;

    private protected TrainingExecutor(LayerGraph graph, TrainingPlan plan)
    {
        (Graph, Plan) = (graph, plan);
        Parameters = new ParameterLayout(graph);
    }

    /// <summary>Where each parameter lies in the flat buffers.</summary>
    public ParameterLayout Parameters { get; }

    /// <summary>The backward pass and its maps.</summary>
    public TrainingPlan Plan { get; }

    /// <summary>Bytes allocated on the device.</summary>
    public abstract long Bytes { get; }

    private protected LayerGraph Graph { get; }

    /// <summary>Takes a batch, as network values.</summary>
    /// <param name="x">[N, H, W, C], dense.</param>
    /// <param name="target">[N, H·s, W·s, C'], dense.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public void Load(ReadOnlySpan<float> x, ReadOnlySpan<float> target)
    {
        Check(Graph.InputValue, x.Length, "input");
        Check(Graph.OutputValue, target.Length, "target");
        LoadValues(x, target);
        GC.KeepAlive(this); // Kernels hold addresses only, which would not keep the memory's finalisers away; so below.

        void Check(Value value, int length, string what)
        {
            long needed = (long)Plan.Batch * Plan.Height * value.Scale * Plan.Width * value.Scale * value.Channels;
            if (length != needed)
                throw new ArgumentException($"The {what} has {length} values; a batch of {Plan.Batch} × {Plan.Height} × {Plan.Width} pixels needs {needed}.");
        }
    }

    /// <summary>Takes a batch.</summary>
    /// <param name="batches">Where it comes from.</param>
    /// <param name="step">Its number.</param>
    public void Load(IBatchSource batches, long step)
    {
        LoadBatch(batches, step);
        GC.KeepAlive(this);
    }

    /// <summary>The network on the batch; keeps all activations.</summary>
    public void Forward()
    {
        if (areFiltersStale)
            PackFilters();
        areFiltersStale = false;
        RunForward();
        GC.KeepAlive(this);
    }

    /// <summary>The batch's mean loss; leaves the output's gradient. Waits for the device.</summary>
    public float Loss(LossFunction loss)
    {
        float value = ComputeLoss(loss);
        GC.KeepAlive(this);
        return value;
    }

    /// <summary>Sets the parameters' gradients to zero.</summary>
    public void ZeroGradients()
    {
        ClearGradients();
        GC.KeepAlive(this);
    }

    /// <summary>Adds the parameters' gradients. <see cref="Forward"/> and <see cref="Loss"/> come before, each time: what they leave is used up.</summary>
    public void Backward()
    {
        for (int i = 0; i < Plan.Steps.Count; i++)
            ExecuteBackward(i);
        GC.KeepAlive(this);
    }

    /// <summary>The L2 norm of all parameters' gradients. Waits for the device.</summary>
    public float GradientNorm()
    {
        float norm = ComputeNorm();
        GC.KeepAlive(this);
        return norm;
    }

    /// <summary>Updates the parameters and Adam's moments by the gradients.</summary>
    /// <param name="step">Step number, learning rate, β and ε.</param>
    /// <param name="gradientScale">Factor on the gradients, below 1 where they are clipped.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public void Adam(AdamStep step, float gradientScale)
    {
        UpdateParameters(step, gradientScale);
        areFiltersStale = true;
        GC.KeepAlive(this);
    }

    /// <summary>average = decay · average + (1 − decay) · parameters.</summary>
    /// <exception cref="ArgumentException">The decay is not between 0 and 1.</exception>
    public void UpdateAverage(float decay)
    {
        Average(decay);
        GC.KeepAlive(this);
    }

    /// <summary>Copies a buffer out. Waits for the device.</summary>
    /// <exception cref="ArgumentException">The span has another length than <see cref="ParameterLayout.Length"/>.</exception>
    public void Read(TrainingBuffer which, Span<float> flat)
    {
        CheckLength(flat.Length);
        ReadBuffer(which, flat);
        GC.KeepAlive(this);
    }

    /// <summary>Copies a buffer in.</summary>
    /// <exception cref="ArgumentException">The span has another length than <see cref="ParameterLayout.Length"/>.</exception>
    public void Write(TrainingBuffer which, ReadOnlySpan<float> flat)
    {
        CheckLength(flat.Length);
        WriteBuffer(which, flat);
        areFiltersStale |= which == TrainingBuffer.Parameters;
        GC.KeepAlive(this);
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>The gradient of the input, [N, H, W, C] dense; the plan must have asked for it.</summary>
    internal abstract float[] ReadInputGradient();

    private protected abstract void LoadValues(ReadOnlySpan<float> x, ReadOnlySpan<float> target);

    private protected abstract void LoadBatch(IBatchSource batches, long step);

    private protected abstract void PackFilters();

    private protected abstract void RunForward();

    private protected abstract float ComputeLoss(LossFunction loss);

    private protected abstract void ClearGradients();

    private protected abstract void ExecuteBackward(int index);

    private protected abstract float ComputeNorm();

    private protected abstract void UpdateParameters(AdamStep step, float gradientScale);

    private protected abstract void Average(float decay);

    private protected abstract void ReadBuffer(TrainingBuffer which, Span<float> flat);

    private protected abstract void WriteBuffer(TrainingBuffer which, ReadOnlySpan<float> flat);

    private void CheckLength(int length)
    {
        if (length != Parameters.Length)
            throw new ArgumentException($"The span has {length} floats; the parameters take {Parameters.Length}.");
    }
}
