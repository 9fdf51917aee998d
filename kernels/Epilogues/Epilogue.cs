namespace EdsrIlgpu.Kernels;

/// <summary>
/// What a convolution does to its sums before they reach memory, always in this order: add the bias, then ReLU, then × scale,
/// then + residual, then store, plainly or through PixelShuffle; or, in backward passes, a mask in the residual's place. Host and
/// accelerators each turn the descriptor into a struct of their own that every variant takes.
/// </summary>
public sealed record Epilogue
{
    /// <summary>Bias alone.</summary>
    public static Epilogue Bias { get; } = new();

    /// <summary>Bias, then max(0, ·).</summary>
    public static Epilogue BiasRelu { get; } = new() { Relu = true };

    /// <summary>Bias, then × <paramref name="scale"/> + residual.</summary>
    public static Epilogue BiasScaledResidual(float scale) => new() { Residual = true, Scale = scale };

    /// <summary>Bias, then PixelShuffle by <paramref name="factor"/>.</summary>
    public static Epilogue BiasPixelShuffle(int factor) => new() { Shuffle = factor };

    /// <summary>
    /// The gradient of a ReLU whose output is given in the residual's place: the sum where that is above 0, else 0. Gradients are
    /// accumulated with <see cref="BiasScaledResidual"/>(1), the output being the residual itself.
    /// </summary>
    public static Epilogue ReluMask { get; } = new() { Mask = true };

    /// <summary>max(0, ·) after the bias.</summary>
    public bool Relu { get; init; }

    /// <summary>A residual map of the output's shape is added.</summary>
    public bool Residual { get; init; }

    /// <summary>Factor before the residual is added.</summary>
    public float Scale { get; init; } = 1;

    /// <summary>Sums become 0 where a map of the output's shape, given in the residual's place, is not above 0.</summary>
    public bool Mask { get; init; }

    /// <summary>Whether a map of the output's shape is read beside the input: the residual or the mask.</summary>
    internal bool ReadsOperand => Residual || Mask;

    /// <summary>
    /// PixelShuffle factor r, 1 for none. The K channels stand in (i·r + j)·C + c order: channel m of pixel (h, w) becomes channel
    /// c of pixel (h·r + i, w·r + j), so that for one i the r·C channels are one run of an output row.
    /// </summary>
    public int Shuffle { get; init; } = 1;

    /// <summary>Throws for what no variant computes.</summary>
    /// <exception cref="ArgumentException">ReLU with a residual, a mask with either, a scale without a residual, a shuffle factor whose square does not divide K, or no shape.</exception>
    public void Validate(Conv2dShape shape)
    {
        shape.Validate();
        if (Relu && Residual)
            throw new ArgumentException("An epilogue has a ReLU or a residual, not both.");
        if (Mask && (Relu || Residual))
            throw new ArgumentException("An epilogue with a mask has neither ReLU nor residual.");
        if (!Residual && Scale != 1)
            throw new ArgumentException("An epilogue scales only what a residual is added to; fold the scale into the filter.");
        if (Shuffle < 1 || shape.K % ((long)Shuffle * Shuffle) != 0)
            throw new ArgumentException($"PixelShuffle by {Shuffle} needs a multiple of its square in channels, not {shape.K}.");
    }

    /// <summary>The output map of a convolution with this epilogue.</summary>
    public MapShape Output(Conv2dShape shape) =>
        new(shape.N, shape.H * Shuffle, shape.W * Shuffle, shape.K / (Shuffle * Shuffle));
}
