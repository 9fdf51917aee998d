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
    private Value? input, output;

    /// <summary>Every value, in the order of assignment.</summary>
    public IReadOnlyList<Value> Values => values;

    /// <summary>Every step, in an order that may run.</summary>
    public IReadOnlyList<Step> Steps => steps;

    /// <summary>First step of the tail, which runs in bands of rows because its maps are larger than the picture; the number of steps if there is none.</summary>
    public int TailStart { get; private set; } = int.MaxValue;

    /// <summary>The input's value.</summary>
    /// <exception cref="InvalidOperationException">There is no input yet.</exception>
    public Value InputValue => input ?? throw new InvalidOperationException("The graph has no input.");

    /// <summary>The value that goes out.</summary>
    /// <exception cref="InvalidOperationException">There is no output yet.</exception>
    public Value OutputValue => output ?? throw new InvalidOperationException("The graph has no output.");

    /// <summary>The convolutions' parameters: name, output and input channels, PixelShuffle factor; tied ones once.</summary>
    public IEnumerable<(string Name, int K, int C, int Shuffle)> Parameters =>
        steps.OfType<Conv2dStep>().Select(s => (s.Parameters, s.K, s.From.Channels, s.Epilogue.Shuffle)).Distinct();

    /// <summary>Pixels come in with <paramref name="channels"/> channels.</summary>
    public Value Input(int channels)
    {
        if (steps.Count > 0)
            throw new InvalidOperationException("The input is the first step.");
        input = Assign("x", channels, 1);
        steps.Add(new InputStep(input));
        return input;
    }

    /// <summary>A 3×3 convolution with an epilogue.</summary>
    /// <param name="x">Input.</param>
    /// <param name="parameters">Name of filter and bias; used again, it ties the layers.</param>
    /// <param name="channels">Output channels (after PixelShuffle, where the epilogue has one).</param>
    /// <param name="epilogue">What happens to the sums.</param>
    /// <param name="residual">What the epilogue adds, if it does.</param>
    /// <exception cref="ArgumentException">The residual has another shape, or is missing or superfluous, or tied layers differ in shape.</exception>
    public Value Conv2d(Value x, string parameters, int channels, Epilogue epilogue, Value? residual = null)
    {
        var y = Assign(Unused(parameters), channels, x.Scale * epilogue.Shuffle);
        var step = new Conv2dStep(parameters, x, y, epilogue, residual);
        epilogue.Validate(step.Shape(1, 1, 1));
        if (epilogue.Residual != residual is not null)
            throw new ArgumentException($"{parameters}: the epilogue and the residual do not match.");
        Require(residual, channels, y.Scale);
        if (steps.OfType<Conv2dStep>().FirstOrDefault(s => s.Parameters == parameters) is { } tied
            && (tied.K, tied.From.Channels, tied.Epilogue.Shuffle) != (step.K, x.Channels, epilogue.Shuffle))
            throw new ArgumentException($"{parameters} is used with two shapes.");
        steps.Add(step);
        return y;
    }

    /// <summary>max(0, x), not fused.</summary>
    public Value Relu(Value x)
    {
        var y = Assign(Unused($"relu({x.Name})"), x.Channels, x.Scale);
        steps.Add(new ReluStep(x, y));
        return y;
    }

    /// <summary>x · factor + residual, not fused.</summary>
    /// <exception cref="ArgumentException">The residual has another shape.</exception>
    public Value ScaledResidualAdd(Value x, Value residual, float factor)
    {
        Require(residual, x.Channels, x.Scale);
        var y = Assign(Unused($"{x.Name}+{residual.Name}"), x.Channels, x.Scale);
        steps.Add(new ScaledResidualAddStep(x, residual, factor, y));
        return y;
    }

    /// <summary>PixelShuffle by <paramref name="factor"/>, not fused.</summary>
    /// <exception cref="ArgumentException">The channels are no multiple of factor².</exception>
    public Value PixelShuffle(Value x, int factor)
    {
        if (factor < 1 || x.Channels % (factor * factor) != 0)
            throw new ArgumentException($"PixelShuffle by {factor} needs a multiple of {factor * factor} channels, not {x.Channels}.");
        var y = Assign(Unused($"shuffle({x.Name})"), x.Channels / (factor * factor), x.Scale * factor);
        steps.Add(new PixelShuffleStep(x, y));
        return y;
    }

    /// <summary>What follows is the tail.</summary>
    public void BeginTail() => TailStart = steps.Count;

    /// <summary><paramref name="y"/> goes out; the last step.</summary>
    public void Output(Value y)
    {
        output = y;
        steps.Add(new OutputStep(y));
        TailStart = Math.Min(TailStart, steps.Count);
    }

    private Value Assign(string name, int channels, int scale)
    {
        if (steps.Count > 0 && steps[^1] is OutputStep)
            throw new InvalidOperationException("The output is the last step.");
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        var value = new Value(values.Count, name, channels, scale);
        values.Add(value);
        return value;
    }

    private string Unused(string name)
    {
        string unused = name;
        for (int i = 2; values.Any(v => v.Name == unused); i++)
            unused = $"{name}#{i}";
        return unused;
    }

    private static void Require(Value? residual, int channels, int scale)
    {
        if (residual is not null && (residual.Channels, residual.Scale) != (channels, scale))
            throw new ArgumentException($"The residual {residual} has not {channels} channels at scale {scale}.");
    }
}
