using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>
/// A network as data: a list of steps over named values, in the order in which they may run. There is no autograd and no fusion
/// pass; whoever builds the list states what is fused. Everything else (slots, rings, peak memory, the order of rows) follows from
/// the list and a picture's shape.
/// </summary>
public sealed class LayerGraph
{
    private readonly List<Value> values = [];
    private readonly List<Step> steps = [];

    /// <summary>Every value, in the order of assignment.</summary>
    public IReadOnlyList<Value> Values => values;

    /// <summary>Every step, in an order that may run.</summary>
    public IReadOnlyList<Step> Steps => steps;

    /// <summary>First step of the tail, which runs in bands of rows because its maps are larger than the picture; the number of steps if there is none.</summary>
    public int TailStart { get; private set; } = int.MaxValue;

    /// <summary>The input's value.</summary>
    /// <exception cref="InvalidOperationException">There is no input yet.</exception>
    public Value InputValue => steps is [InputStep input, ..] ? input.To : throw new InvalidOperationException("The graph has no input.");

    /// <summary>The value that goes out.</summary>
    /// <exception cref="InvalidOperationException">There is no output yet.</exception>
    public Value OutputValue => steps is [.., OutputStep output] ? output.From : throw new InvalidOperationException("The graph has no output.");

    /// <summary>The convolutions' parameters: name, output and input channels, PixelShuffle factor; tied ones once.</summary>
    public IEnumerable<(string Name, int K, int C, int Shuffle)> Parameters =>
        steps.OfType<Conv2dStep>().Select(s => (s.Parameters, s.K, s.From.Channels, s.Epilogue.Shuffle)).Distinct();

    /// <summary>Pixels come in with <paramref name="channels"/> channels.</summary>
    /// <exception cref="InvalidOperationException">There are steps already.</exception>
    public Value Input(int channels)
    {
        if (steps.Count > 0)
            throw new InvalidOperationException("The input is the first step.");
        return Add(new InputStep(New("x", channels, 1)));
    }

    /// <summary>A 3×3 convolution with an epilogue.</summary>
    /// <param name="x">Input.</param>
    /// <param name="parameters">Name of filter and bias; used again, it ties the layers.</param>
    /// <param name="channels">Output channels (after PixelShuffle, where the epilogue has one).</param>
    /// <param name="epilogue">What happens to the sums.</param>
    /// <param name="residual">What the epilogue adds, if it does.</param>
    /// <exception cref="ArgumentException">The residual has another shape, or is missing or superfluous, or tied layers differ in shape, or a value is of another graph.</exception>
    public Value Conv2d(Value x, string parameters, int channels, Epilogue epilogue, Value? residual = null)
    {
        var step = new Conv2dStep(parameters, x, New(parameters, channels, x.Scale * epilogue.Shuffle), epilogue, residual);
        epilogue.Validate(step.Shape(1, 1, 1));
        if (epilogue.Mask || epilogue.Residual != residual is not null) // Masks are for backward passes.
            throw new ArgumentException($"{parameters}: the epilogue and the residual do not match.");
        if (steps.OfType<Conv2dStep>().FirstOrDefault(s => s.Parameters == parameters) is { } tied
            && (tied.K, tied.From.Channels, tied.Epilogue.Shuffle) != (step.K, x.Channels, epilogue.Shuffle))
            throw new ArgumentException($"{parameters} is used with two shapes.");
        return Add(step);
    }

    /// <summary>max(0, x), not fused.</summary>
    /// <exception cref="ArgumentException">The value is of another graph.</exception>
    public Value Relu(Value x) => Add(new ReluStep(x, New($"relu({x.Name})", x.Channels, x.Scale)));

    /// <summary>x · factor + residual, not fused.</summary>
    /// <exception cref="ArgumentException">The residual has another shape, or a value is of another graph.</exception>
    public Value ScaledResidualAdd(Value x, Value residual, float factor) =>
        Add(new ScaledResidualAddStep(x, residual, factor, New($"{x.Name}+{residual.Name}", x.Channels, x.Scale)));

    /// <summary>PixelShuffle by <paramref name="factor"/>, not fused.</summary>
    /// <exception cref="ArgumentException">The channels are no multiple of factor², or the value is of another graph.</exception>
    public Value PixelShuffle(Value x, int factor)
    {
        if (factor < 1 || x.Channels % (factor * factor) != 0)
            throw new ArgumentException($"PixelShuffle by {factor} needs a multiple of {factor * factor} channels, not {x.Channels}.");
        return Add(new PixelShuffleStep(x, New($"shuffle({x.Name})", x.Channels / (factor * factor), x.Scale * factor)));
    }

    /// <summary>What follows is the tail.</summary>
    public void BeginTail() => TailStart = steps.Count;

    /// <summary><paramref name="y"/> goes out; the last step.</summary>
    /// <exception cref="ArgumentException">The value is of another graph.</exception>
    /// <exception cref="InvalidOperationException">There is an output already.</exception>
    public void Output(Value y)
    {
        Append(new OutputStep(y));
        TailStart = Math.Min(TailStart, steps.Count);
    }

    /// <summary>A value that joins the graph with the step that writes it.</summary>
    private Value New(string name, int channels, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        string unused = name;
        for (int i = 2; values.Any(v => v.Name == unused); i++)
            unused = $"{name}#{i}";
        return new Value(values.Count, unused, channels, scale);
    }

    private Value Add(Step step)
    {
        Append(step);
        values.Add(step.Y!);
        return step.Y!;
    }

    // The last check before anything changes: a step that is refused leaves the graph as it was.
    private void Append(Step step)
    {
        if (steps is [.., OutputStep])
            throw new InvalidOperationException("The output is the last step.");
        RequireOwn(step.X);
        RequireOwn(step.Residual);
        if (step is { Residual: { } residual, Y: { } y } && (residual.Channels, residual.Scale) != (y.Channels, y.Scale))
            throw new ArgumentException($"The residual {residual} has not {y.Channels} channels at scale {y.Scale}.");
        steps.Add(step);
    }

    private void RequireOwn(Value? value)
    {
        if (value is not null && !values.Contains(value))
            throw new ArgumentException($"{value} is no value of this graph.");
    }
}
