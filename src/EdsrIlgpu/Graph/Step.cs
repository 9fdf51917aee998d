using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>One step of a <see cref="LayerGraph"/>: what it reads, what it writes.</summary>
/// <param name="X">The map it reads, with the rows around each if it is a convolution; null for the input.</param>
/// <param name="Residual">A second map, read where the output is written; null if none.</param>
/// <param name="Y">The map it writes; null for the output.</param>
public abstract record Step(Value? X, Value? Residual, Value? Y)
{
    /// <summary>Output rows per row of the step's grid, the input's rows.</summary>
    public int RowFactor => X is null || Y is null ? 1 : Y.Scale / X.Scale;

    /// <summary>The value whose rows the step's row counter counts.</summary>
    public Value Grid => X ?? Y!;

    /// <summary>What the step is called in plans and messages.</summary>
    public string Name => Y?.Name ?? "output";

    /// <summary>Whether the step reads <paramref name="value"/>.</summary>
    public bool Reads(Value value) => X == value || Residual == value;
}

/// <summary>Pixels, or network values, come in.</summary>
public sealed record InputStep(Value To) : Step(null, null, To);

/// <summary>Pixels, or network values, go out.</summary>
public sealed record OutputStep(Value From) : Step(From, null, null);

/// <summary>A 3×3 convolution with its epilogue.</summary>
/// <param name="Parameters">Name of its filter and bias; steps with one name are tied.</param>
/// <param name="From">Input.</param>
/// <param name="To">Output.</param>
/// <param name="Epilogue">What happens to the sums.</param>
/// <param name="Addend">The residual that the epilogue adds, or null.</param>
public sealed record Conv2dStep(string Parameters, Value From, Value To, Epilogue Epilogue, Value? Addend) : Step(From, Addend, To)
{
    /// <summary>Output channels before PixelShuffle.</summary>
    public int K => To.Channels * Epilogue.Shuffle * Epilogue.Shuffle;

    /// <summary>The convolution on <paramref name="n"/> pictures of <paramref name="height"/>×<paramref name="width"/> input pixels.</summary>
    public Conv2dShape Shape(int n, int height, int width) => new(n, height * From.Scale, width * From.Scale, From.Channels, K);
}

/// <summary>max(0, x) as a step of its own.</summary>
public sealed record ReluStep(Value From, Value To) : Step(From, null, To);

/// <summary>x · factor + residual as a step of its own.</summary>
public sealed record ScaledResidualAddStep(Value From, Value Addend, float Factor, Value To) : Step(From, Addend, To);

/// <summary>PixelShuffle as a step of its own; channels stand in (i·r + j)·C + c order.</summary>
public sealed record PixelShuffleStep(Value From, Value To) : Step(From, null, To);
