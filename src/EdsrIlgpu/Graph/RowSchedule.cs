using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>
/// Which rows of which step come next: row counters, no data. The planner runs it to size the rings, the executor to compute,
/// so both see the same order.
/// </summary>
internal sealed class RowSchedule
{
    private readonly LayerGraph graph;
    private readonly int height;
    private readonly IReadOnlyList<ConvPlan?> plans;
    private readonly int[] ready, done, phase;

    /// <param name="graph">The steps.</param>
    /// <param name="height">Rows of the input picture.</param>
    /// <param name="plans">One per step; null where the step is no convolution.</param>
    public RowSchedule(LayerGraph graph, int height, IReadOnlyList<ConvPlan?> plans)
    {
        (this.graph, this.height, this.plans) = (graph, height, plans);
        ready = new int[graph.Values.Count];
        done = new int[graph.Steps.Count];
        phase = Phases(graph, plans);
    }

    public void Reset()
    {
        Array.Clear(ready);
        Array.Clear(done);
    }

    /// <summary>Rows of a value that have been written.</summary>
    public int Ready(Value value) => ready[value.Id];

    /// <summary>Rows of a step's grid.</summary>
    public int Rows(int step) => height * graph.Steps[step].Grid.Scale;

    /// <summary>
    /// The next rows to compute. Whole steps run in the graph's order, by which maps share slots. In bands the last step that can run
    /// runs first, so that rows are consumed before more are made, and it does not wait for a full quantum: waiting would cost every
    /// ring a quantum of rows.
    /// </summary>
    /// <returns>False when the segment is done.</returns>
    public bool Next(Segment segment, out int step, out int y0, out int y1)
    {
        if (!segment.IsBanded)
            return NextWhole(segment, out step, out y0, out y1);
        for (step = segment.End - 1; step >= segment.First; step--)
        {
            int rows = Rows(step);
            if (done[step] == rows)
                continue;
            int count = Math.Min(Computable(step, rows) - done[step], Quantum(segment, step));
            if (count <= 0)
                continue;
            y0 = done[step];
            y1 = y0 + count;
            return true;
        }
        y0 = y1 = 0;
        return false;
    }

    /// <summary>Records that a step has computed its rows up to <paramref name="y1"/>.</summary>
    public void Finish(int step, int y1)
    {
        done[step] = y1;
        if (graph.Steps[step].Y is { } y)
            ready[y.Id] = y1 * graph.Steps[step].RowFactor;
    }

    /// <summary>The lowest row of <paramref name="value"/> that <paramref name="step"/>, one of its readers, still needs.</summary>
    public int Need(int step, Value value)
    {
        if (done[step] == Rows(step))
            return int.MaxValue;
        return graph.Steps[step].X == value ? Math.Max(0, done[step] - Reach(step)) : done[step] * graph.Steps[step].RowFactor;
    }

    /// <summary>
    /// Each step's tiles begin this many rows above the picture: the lag its input has gathered. So a tile of several rows ends
    /// where its input does, and every layer lags by its reach instead of by a whole tile.
    /// </summary>
    private static int[] Phases(LayerGraph graph, IReadOnlyList<ConvPlan?> plans)
    {
        var lag = new int[graph.Values.Count];
        var phases = new int[graph.Steps.Count];
        for (int i = 0; i < phases.Length; i++)
        {
            var step = graph.Steps[i];
            if (step.X is null || step.Y is null)
                continue;
            int inputLag = lag[step.X.Id] + (plans[i]?.Reach ?? 0);
            phases[i] = inputLag % (plans[i]?.RowAlign ?? 1);
            lag[step.Y.Id] = inputLag * step.RowFactor;
        }
        return phases;
    }

    private bool NextWhole(Segment segment, out int step, out int y0, out int y1)
    {
        step = segment.First;
        while (step < segment.End && done[step] == Rows(step))
            step++;
        y0 = 0;
        y1 = step < segment.End ? Rows(step) : 0;
        return step < segment.End;
    }

    private int Reach(int step) => plans[step]?.Reach ?? 0;

    private int Align(int step) => plans[step]?.RowAlign ?? 1;

    /// <summary>Rows of the step's grid that its inputs allow, rounded down to whole tiles unless they are the last.</summary>
    private int Computable(int step, int rows)
    {
        var s = graph.Steps[step];
        int limit = rows;
        if (s.X is not null && ready[s.X.Id] < rows)
            limit = Math.Max(0, (ready[s.X.Id] - Reach(step) + phase[step]) / Align(step) * Align(step) - phase[step]);
        return s.Residual is null ? limit : Math.Min(limit, ready[s.Residual.Id] / s.RowFactor);
    }

    private int Quantum(Segment segment, int step)
    {
        // Bands are counted in rows of the input picture, and a step twice as large takes a quarter of the rows: a band is a band of work.
        int scale = (graph.Steps[step].Y ?? graph.Steps[step].X!).Scale;
        return Math.Max(Align(step), segment.Rows / (scale * scale) / Align(step) * Align(step));
    }
}
