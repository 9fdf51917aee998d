using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>Slots, rings and bytes of a graph on one picture shape, known before anything is allocated.</summary>
public sealed class MemoryPlan
{
    private readonly LayerGraph graph;
    private readonly IReadOnlyList<ConvPlan?> plans;
    private readonly int[] slotOf;
    private readonly int[][] readers;

    /// <summary>Plans.</summary>
    /// <param name="graph">The network.</param>
    /// <param name="pictures">Pictures in the batch.</param>
    /// <param name="height">Rows of the input.</param>
    /// <param name="width">Columns of the input.</param>
    /// <param name="plans">How each step's convolution is computed; null where it is none.</param>
    /// <param name="mode">Whole, in bands, or keeping everything.</param>
    /// <param name="tailRows">Input rows of the bands in which the tail runs when head and body run whole.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or more than 2³¹ − 1 at the network's largest scale.</exception>
    internal MemoryPlan(LayerGraph graph, int pictures, int height, int width, IReadOnlyList<ConvPlan?> plans, MemoryMode mode, int tailRows)
    {
        CheckSizes(graph, pictures, height, width);
        (this.graph, this.plans, Pictures, Height, Width, Mode) = (graph, plans, pictures, height, width, mode);
        int steps = graph.Steps.Count;
        Segments =
            mode.KeepAll ? [new(0, steps, Segment.Whole)]
            : mode.BandRows > 0 ? [new(0, steps, mode.BandRows)]
            : [new(0, graph.TailStart, Segment.Whole), new(graph.TailStart, steps, tailRows)];
        readers = [.. graph.Values.Select(v => Enumerable.Range(0, steps).Where(s => graph.Steps[s].Reads(v)).ToArray())];
        int[] group = ShareResiduals();
        int[] rows = RingRows(group);
        var slots = AssignSlots(group, rows, out slotOf);
        (Slots, ZeroRowOffset, Elements) = (slots.All, slots.ZeroRowOffset, slots.Elements);
    }

    /// <summary>Pictures in the batch.</summary>
    public int Pictures { get; }

    /// <summary>Rows of the input.</summary>
    public int Height { get; }

    /// <summary>Columns of the input.</summary>
    public int Width { get; }

    /// <summary>Whole, in bands, or keeping everything.</summary>
    public MemoryMode Mode { get; }

    /// <summary>The steps, cut into parts that advance together.</summary>
    public IReadOnlyList<Segment> Segments { get; }

    /// <summary>Maps and where they lie; a slot keeps one shape for life, so its borders are zeroed once.</summary>
    public IReadOnlyList<(MapShape Shape, long Offset)> Slots { get; }

    /// <summary>Floats of the arena, the shared zero row included.</summary>
    public long Elements { get; }

    /// <summary>Where the shared zero row begins, in floats.</summary>
    public long ZeroRowOffset { get; }

    /// <summary>Bytes of the arena.</summary>
    public long Bytes => Elements * sizeof(float);

    /// <summary>The slot of a value.</summary>
    public int SlotOf(Value value) => slotOf[value.Id];

    /// <summary>Throws for a batch that no map can hold at the network's largest scale.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or more than 2³¹ − 1 at that scale.</exception>
    internal static void CheckSizes(LayerGraph graph, int pictures, int height, int width)
    {
        int largest = int.MaxValue / graph.Values.Max(v => v.Scale);
        foreach (int size in (int[])[pictures, height, width])
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(size, largest);
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Bytes / 1048576.0:F1} MiB in {Slots.Count} maps: " + string.Join(", ", Slots.Select((slot, i) =>
            $"{string.Join('=', graph.Values.Where(v => slotOf[v.Id] == i).Select(v => v.Name))} {slot.Shape.Rows} of {slot.Shape.H} rows × {slot.Shape.W} × {slot.Shape.C}"));

    /// <summary>
    /// Finds the steps whose output may lie in their residual's rows: those that, whenever they write, no other reader of that
    /// residual (or of what it shares rows with in turn) still needs the rows. Never a convolution's input. Returns, for each
    /// value, the first value whose rows it shares.
    /// </summary>
    private int[] ShareResiduals()
    {
        var shares = graph.Steps.Select(s => !Mode.KeepAll && s.Residual is not null).ToArray();
        Walk((schedule, step, y1) =>
        {
            if (!shares[step])
                return;
            int top = y1 * graph.Steps[step].RowFactor;
            for (var v = graph.Steps[step].Residual; v is not null; v = SharedResidual(v))
                foreach (int reader in readers[v.Id])
                    if ((reader != step || graph.Steps[step].X == v) && schedule.Need(reader, v) < top)
                        shares[step] = false;
        });
        var group = Enumerable.Range(0, graph.Values.Count).ToArray();
        for (int s = 0; s < shares.Length; s++)
            if (shares[s])
                group[graph.Steps[s].Y!.Id] = group[graph.Steps[s].Residual!.Id];
        return group;

        Value? SharedResidual(Value value)
        {
            for (int s = 0; s < shares.Length; s++)
                if (shares[s] && graph.Steps[s].Y == value)
                    return graph.Steps[s].Residual;
            return null;
        }
    }

    /// <summary>For each group of values, the widest window of rows that is alive at once.</summary>
    private int[] RingRows(int[] group)
    {
        var members = graph.Values.ToLookup(v => group[v.Id]);
        var rows = new int[graph.Values.Count];
        Walk((schedule, step, y1) =>
        {
            if (graph.Steps[step].Y is not { } y)
                return;
            int low = int.MaxValue, top = y1 * graph.Steps[step].RowFactor;
            foreach (var v in members[group[y.Id]])
            {
                top = Math.Max(top, schedule.Ready(v));
                foreach (int reader in readers[v.Id])
                    low = Math.Min(low, schedule.Need(reader, v));
            }
            rows[group[y.Id]] = Math.Max(rows[group[y.Id]], Math.Max(1, top - low));
        });
        if (Mode.KeepAll)
            foreach (var v in graph.Values)
                rows[v.Id] = Height * v.Scale;
        return rows;
    }

    /// <summary>Slots by liveness: a step's map may lie where an earlier one's lay. Inside a banded segment everything lives at once.</summary>
    private MapSlots AssignSlots(int[] group, int[] rows, out int[] slotOf)
    {
        int steps = graph.Steps.Count;
        var begins = new int[steps];
        var ends = new int[steps];
        foreach (var segment in Segments)
            for (int s = segment.First; s < segment.End; s++)
                (begins[s], ends[s]) = segment.IsBanded ? (segment.First, segment.End - 1) : (s, s);

        var slots = new MapSlots();
        slotOf = new int[graph.Values.Count];
        foreach (var family in graph.Values.GroupBy(v => group[v.Id]))
        {
            var first = family.First();
            var shape = new MapShape(Pictures, Height * first.Scale, Width * first.Scale, first.Channels, rows[family.Key]);
            int birth = begins[Enumerable.Range(0, steps).First(s => graph.Steps[s].Y == first)];
            int death = family.SelectMany(v => readers[v.Id]).Select(s => ends[s]).DefaultIfEmpty(birth).Max();
            int slot = slots.Take(shape, birth, Mode.KeepAll ? int.MaxValue : death);
            foreach (var v in family)
                slotOf[v.Id] = slot;
        }
        return slots;
    }

    private void Walk(Action<RowSchedule, int, int> beforeStep)
    {
        var schedule = new RowSchedule(graph, Height, plans);
        foreach (var segment in Segments)
            while (schedule.Next(segment, out int step, out _, out int y1))
            {
                beforeStep(schedule, step, y1);
                schedule.Finish(step, y1);
            }
    }
}
