namespace EdsrIlgpu.Kernels;

/// <summary>The convolutions that tests check and benchmarks time: small odd shapes that break tilings, and EDSR's own.</summary>
internal static class Conv2dProblems
{
    /// <summary>Shapes small enough for every device, simulated ones included.</summary>
    public static IReadOnlyList<Conv2dShape> Tiny { get; } =
    [
        new(1, 1, 1, 1, 1),
        new(1, 1, 1, 64, 64),
        new(1, 3, 2, 3, 8),
        new(2, 2, 5, 4, 3),
        new(1, 5, 3, 7, 5),
    ];

    /// <summary>Shapes that break tilings: not square, prime, one row, one column, C or K of 1, 3 or no multiple of a vector.</summary>
    public static IReadOnlyList<Conv2dShape> Odd { get; } =
    [
        .. Tiny,
        new(1, 1, 37, 3, 64),
        new(1, 53, 1, 64, 3),
        new(2, 9, 11, 16, 16),
        new(1, 13, 10, 64, 64),
        new(1, 9, 17, 64, 256),
        new(3, 7, 19, 8, 32),
        new(1, 8, 16, 64, 3),
        new(1, 11, 23, 12, 144),
        new(1, 10, 31, 64, 36),
        new(1, 6, 13, 3, 72),
        new(2, 5, 9, 256, 256),
        new(1, 17, 33, 20, 100),
        new(1, 4, 130, 24, 4),
        new(1, 6, 9, 16, 27),
        new(1, 7, 5, 64, 48),
    ];

    /// <summary>The convolutions of EDSR on one picture of <paramref name="h"/>×<paramref name="w"/>, ×2: head, body, upsampler, tail.</summary>
    public static IReadOnlyList<Conv2dShape> Edsr(int h, int w, int features) =>
    [
        new(1, h, w, 3, features),
        new(1, h, w, features, features),
        new(1, h, w, features, 4 * features),
        new(1, 2 * h, 2 * w, features, 3),
    ];

    /// <summary>The epilogues that a shape can have; of those that combine, only of shapes that cost tests little.</summary>
    public static IEnumerable<Epilogue> Epilogues(Conv2dShape shape)
    {
        yield return Epilogue.Bias;
        yield return Epilogue.BiasRelu;
        yield return Epilogue.BiasScaledResidual(0.1f);
        yield return Epilogue.ReluMask;
        for (int r = 2; r <= 4; r++)
            if (shape.K % (r * r) == 0 && (r < 4 || shape.K <= 48))
                yield return Epilogue.BiasPixelShuffle(r);
        if (shape.K % 4 != 0 || shape.K > 64)
            yield break;
        yield return Epilogue.BiasPixelShuffle(2) with { Relu = true };
        yield return Epilogue.BiasScaledResidual(-0.5f) with { Shuffle = 2 };
    }
}
