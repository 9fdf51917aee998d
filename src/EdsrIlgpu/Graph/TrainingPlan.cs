using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>
/// The backward pass of a graph on one batch shape, as a list of launches, and the maps it needs, known before anything is
/// allocated. It walks the graph's steps in reverse. A value's first gradient in that order overwrites, later ones add, and a
/// gradient that passes unchanged (a residual's) is handed over without a copy. Parameters' gradients always add, so a tied
/// convolution adds twice. Saved activations are the graph's values, each with a map of its own.
/// </summary>
public sealed class TrainingPlan
{
    private readonly LayerGraph graph;
    private readonly List<BackwardStep> steps = [];
    private readonly List<GradientMap> gradients = [];
    private readonly GradientMap?[] gradientOf;
    private readonly int[] slotOf;
    private readonly bool[] isTrained, isUsed;

    /// <param name="graph">The network.</param>
    /// <param name="batch">Pictures in a batch.</param>
    /// <param name="height">Rows of an input.</param>
    /// <param name="width">Columns of an input.</param>
    /// <param name="inputGradient">Whether the input's gradient is wanted too; training does not want it.</param>
    /// <exception cref="ArgumentException">
    /// The graph has no convolution, or a size is less than 1, or more than 2³¹ − 1 at the network's largest scale.
    /// </exception>
    internal TrainingPlan(LayerGraph graph, int batch, int height, int width, bool inputGradient = false)
    {
        if (!graph.Parameters.Any())
            throw new ArgumentException("The network has no convolution, so there is nothing to train.");
        MemoryPlan.CheckSizes(graph, batch, height, width);
        (this.graph, Batch, Height, Width) = (graph, batch, height, width);
        gradientOf = new GradientMap?[graph.Values.Count];
        isTrained = new bool[graph.Values.Count];
        foreach (var step in graph.Steps)
            if (step.Y is { } y)
                isTrained[y.Id] = step is Conv2dStep || (step is InputStep ? inputGradient : isTrained[step.X!.Id] || step.Residual is { } r && isTrained[r.Id]);

        isUsed = new bool[graph.Values.Count];
        foreach (var step in graph.Steps.Reverse())
            foreach (var value in (ReadOnlySpan<Value?>)[step.X, step.Residual])
                if (value is not null)
                    isUsed[value.Id] |= step.Y is null || isUsed[step.Y.Id];

        OutputGradient = gradientOf[graph.OutputValue.Id] = New(graph.OutputValue);
        OutputGradient.Birth = -1;
        var maskedByReader = new bool[graph.Values.Count];
        for (int i = graph.Steps.Count - 1; i >= 0; i--)
            if (graph.Steps[i].Y is { } y && gradientOf[y.Id] is { } dy)
                Backward(graph.Steps[i], y, dy, maskedByReader);
        InputGradient = gradientOf[graph.InputValue.Id];
        var slots = AssignSlots(out slotOf);
        (Slots, ZeroRowOffset, Elements) = (slots.All, slots.ZeroRowOffset, slots.Elements);
    }

    /// <summary>Pictures in a batch.</summary>
    public int Batch { get; }

    /// <summary>Rows of an input.</summary>
    public int Height { get; }

    /// <summary>Columns of an input.</summary>
    public int Width { get; }

    /// <summary>The launches, in order.</summary>
    internal IReadOnlyList<BackwardStep> Steps => steps;

    /// <summary>The gradients and the scratch; several may share a slot, one after the other.</summary>
    internal IReadOnlyList<GradientMap> Gradients => gradients;

    /// <summary>What the loss writes.</summary>
    internal GradientMap OutputGradient { get; }

    /// <summary>The input's gradient, if it was wanted and there is one.</summary>
    internal GradientMap? InputGradient { get; }

    /// <summary>Maps of the gradients and where they lie; a slot keeps one shape, so its borders are zeroed once.</summary>
    public IReadOnlyList<(MapShape Shape, long Offset)> Slots { get; }

    /// <summary>Floats of the gradients' arena, a zero row included.</summary>
    public long Elements { get; }

    /// <summary>Where the zero row begins, in floats.</summary>
    public long ZeroRowOffset { get; }

    /// <summary>Index of the slot of a gradient.</summary>
    internal int SlotOf(GradientMap gradient) => slotOf[gradient.Id];

    /// <inheritdoc/>
    public override string ToString() =>
        $"{steps.Count} launches, {Elements * sizeof(float) / 1048576.0:F1} MiB of gradients in {Slots.Count} maps";

    private void Backward(Step step, Value y, GradientMap dy, bool[] maskedByReader)
    {
        bool isHandedOver = false;
        switch (step)
        {
            case Conv2dStep conv:
                if (conv.Epilogue.Relu)
                    Mask();
                var sums = dy;
                if (conv.Epilogue.Shuffle > 1)
                    Add(new PixelShuffleBackwardStep(dy, conv.Epilogue.Shuffle, sums = New(conv.From.Scale, conv.K)));
                Add(new WgradStep(conv, sums));
                if (isTrained[conv.From.Id])
                    Add(Dgrad(conv, sums, maskedByReader));
                if (conv.Addend is { } addend)
                    PassOn(addend, 1);
                break;
            case ReluStep relu:
                Mask();
                PassOn(relu.From, 1);
                break;
            case ScaledResidualAddStep add when add.From == add.Addend:
                PassOn(add.From, add.Factor + 1);
                break;
            case ScaledResidualAddStep add:
                PassOn(add.From, add.Factor);
                PassOn(add.Addend, 1);
                break;
            case PixelShuffleStep shuffle when isTrained[shuffle.From.Id]:
                bool isFirst = gradientOf[shuffle.From.Id] is null;
                var plain = New(shuffle.From);
                Add(new PixelShuffleBackwardStep(dy, shuffle.RowFactor, plain));
                if (isFirst)
                    gradientOf[shuffle.From.Id] = plain;
                else
                    Add(new PassGradientStep(plain, 1, true, gradientOf[shuffle.From.Id]!));
                break;
        }

        void Mask()
        {
            if (!maskedByReader[y.Id])
                Add(new ReluBackwardStep(y, dy));
        }

        void PassOn(Value to, float factor)
        {
            if (!isTrained[to.Id])
                return;
            if (gradientOf[to.Id] is { } there)
                Add(new PassGradientStep(dy, factor, true, there));
            else if (factor == 1 && !isHandedOver)
            {
                gradientOf[to.Id] = dy;
                isHandedOver = true;
            }
            else
                Add(new PassGradientStep(dy, factor, false, gradientOf[to.Id] = New(to)));
        }
    }

    private DgradStep Dgrad(Conv2dStep conv, GradientMap dy, bool[] maskedByReader)
    {
        var x = conv.From;
        if (gradientOf[x.Id] is { } there)
            return new DgradStep(conv, dy, Epilogue.BiasScaledResidual(1), there);
        // Where this is all of a ReLU output's gradient, the ReLU's own backward is fused.
        var dx = gradientOf[x.Id] = New(x);
        bool isRelu = graph.Steps.Any(s => s.Y == x && s is ReluStep or Conv2dStep { Epilogue.Relu: true });
        maskedByReader[x.Id] = isRelu && conv.Addend != x && graph.Steps.Count(s => s.Reads(x) && (s.Y is null || isUsed[s.Y.Id])) == 1;
        return new DgradStep(conv, dy, maskedByReader[x.Id] ? Epilogue.ReluMask : Epilogue.Bias, dx);
    }

    private GradientMap New(Value value) => New(value.Scale, value.Channels);

    private GradientMap New(int scale, int channels)
    {
        var map = new GradientMap(gradients.Count, new MapShape(Batch, Height * scale, Width * scale, channels));
        map.Shape.Validate();
        gradients.Add(map);
        return map;
    }

    private void Add(BackwardStep step)
    {
        foreach (var map in (ReadOnlySpan<GradientMap?>)[step.From, step.To])
            if (map is not null)
            {
                map.Birth = Math.Min(map.Birth, steps.Count);
                map.Death = steps.Count;
            }
        steps.Add(step);
    }

    /// <summary>Slots by liveness: a gradient may lie where an earlier one of its shape lay.</summary>
    private MapSlots AssignSlots(out int[] slotOf)
    {
        var slots = new MapSlots();
        slotOf = new int[gradients.Count];
        // The input's gradient is read when all is done.
        foreach (var map in gradients.OrderBy(g => g.Birth))
            slotOf[map.Id] = slots.Take(map.Shape, map.Birth, map == InputGradient ? int.MaxValue : map.Death);
        return slots;
    }
}
