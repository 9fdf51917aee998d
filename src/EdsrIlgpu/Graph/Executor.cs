using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>
/// Runs a network on pictures of one shape, with memory of its own. After the first run nothing is allocated. For one caller at
/// a time.
/// </summary>
public abstract class Executor : IDisposable
{
    private readonly RowSchedule schedule;
    private readonly double[] workPerRow;
    private readonly double work;

    private protected Executor(LayerGraph graph, IReadOnlyList<ConvPlan?> plans, MemoryPlan plan)
    {
        (Graph, Plan) = (graph, plan);
        schedule = new RowSchedule(graph, plan.Height, plans);
        workPerRow = [.. graph.Steps.Select((s, i) => s is Conv2dStep conv ? conv.Shape(plan.Pictures, 1, plan.Width).Flops / s.Grid.Scale : 0)];
        work = Enumerable.Range(0, workPerRow.Length).Sum(i => workPerRow[i] * schedule.Rows(i));
    }

    /// <summary>Slots, rings and bytes.</summary>
    public MemoryPlan Plan { get; }

    private protected LayerGraph Graph { get; }

    /// <summary>Pixels through the network.</summary>
    /// <param name="pixels">[N, H, W, C], 8 bit, dense.</param>
    /// <param name="load">Pixels to network values.</param>
    /// <param name="store">Network values to pixels.</param>
    /// <param name="output">[N, H·s, W·s, C'], 8 bit, dense; all of it is written.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1; may be null.</param>
    /// <param name="cancel">Honoured between two steps.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the output is incomplete.</exception>
    public abstract void Run(ReadOnlySpan<byte> pixels, PixelAffine load, PixelAffine store, Span<byte> output, IProgress<double>? progress = null, CancellationToken cancel = default);

    /// <summary>Network values through the network.</summary>
    /// <param name="x">[N, H, W, C], dense.</param>
    /// <param name="y">[N, H·s, W·s, C'], dense; all of it is written.</param>
    /// <exception cref="ArgumentException">A span has another length.</exception>
    public abstract void Run(ReadOnlySpan<float> x, Span<float> y);

    /// <summary>A value of the last run, [N, H, W, C] dense; the plan must have kept every value.</summary>
    /// <exception cref="InvalidOperationException">The plan keeps not every value.</exception>
    public float[] Read(Value value)
    {
        if (!Plan.Mode.KeepAll)
            throw new InvalidOperationException("Only an executor made with MemoryMode.Everything keeps its values.");
        var shape = Plan.Slots[Plan.SlotOf(value)].Shape;
        var dense = new float[(long)shape.N * shape.H * shape.W * shape.C];
        Read(value, dense);
        return dense;
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>
    /// Runs every step but input and output, whole: the input's map is filled already. The plan must have kept every value. On an
    /// accelerator the work is queued.
    /// </summary>
    internal void RunLayers()
    {
        for (int step = 0; step < Graph.Steps.Count; step++)
            if (Graph.Steps[step] is not (InputStep or OutputStep))
                Execute(step, 0, schedule.Rows(step));
        GC.KeepAlive(this); // Kernels hold addresses only, which would not keep the memory's finaliser away.
    }

    private protected abstract void Execute(int step, int y0, int y1);

    private protected abstract void Read(Value value, Span<float> dense);

    /// <summary>Returns when every step so far has been computed.</summary>
    private protected virtual void Synchronize() { }

    private protected void RunSteps(IProgress<double>? progress, CancellationToken cancel)
    {
        // An accelerator works through a queue. Who watches is told what is done, not what is queued, and can stop it.
        bool isWatched = progress is not null || cancel.CanBeCanceled;
        double done = 0;
        schedule.Reset();
        for (int i = 0; i < Plan.Segments.Count; i++)
            while (schedule.Next(Plan.Segments[i], out int step, out int y0, out int y1))
            {
                cancel.ThrowIfCancellationRequested();
                Execute(step, y0, y1);
                if (isWatched)
                    Synchronize();
                schedule.Finish(step, y1);
                if (workPerRow[step] > 0)
                    progress?.Report((done += workPerRow[step] * (y1 - y0)) / work);
            }
        GC.KeepAlive(this);
    }

    private protected void CheckLengths(int input, int output)
    {
        Check(Graph.InputValue, input, "input");
        Check(Graph.OutputValue, output, "output");

        void Check(Value value, int length, string what)
        {
            long needed = (long)Plan.Pictures * Plan.Height * value.Scale * Plan.Width * value.Scale * value.Channels;
            if (length != needed)
                throw new ArgumentException($"The {what} has {length} samples; {Plan.Pictures} × {Plan.Height} × {Plan.Width} pixels need {needed}.");
        }
    }
}
