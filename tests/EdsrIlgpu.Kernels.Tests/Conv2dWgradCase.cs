using System.Collections.Concurrent;

namespace EdsrIlgpu.Kernels.Tests;

/// <summary>The gradients of a convolution's filter and bias, with their inputs, what they are added to and the reference's result.</summary>
internal sealed class Conv2dWgradCase
{
    /// <summary>Factor of the gradients; floats hold it exactly.</summary>
    public const float Scale = 0.75f;

    private static readonly ConcurrentDictionary<Conv2dShape, Lazy<Conv2dWgradCase>> Cases = new();

    private Conv2dWgradCase(Conv2dShape shape)
    {
        Shape = shape;
        X = TestValues.Random((long)shape.N * shape.H * shape.W * shape.C, 1);
        Dy = TestValues.Random((long)shape.N * shape.H * shape.W * shape.K, 2);
        FilterBefore = TestValues.Random(shape.FilterLength, 3);
        BiasBefore = TestValues.Random(shape.K, 4);
        var (dw, db) = Conv2dReference.Wgrad(X, Dy, shape);
        Filter = [.. dw.Zip(FilterBefore, (d, before) => before + Scale * d)];
        Bias = [.. db.Zip(BiasBefore, (d, before) => before + Scale * d)];
    }

    public Conv2dShape Shape { get; }

    public MapShape Input => new(Shape.N, Shape.H, Shape.W, Shape.C);

    public MapShape Output => new(Shape.N, Shape.H, Shape.W, Shape.K);

    public double[] X { get; }

    public double[] Dy { get; }

    /// <summary>What the filter's gradient is added to.</summary>
    public double[] FilterBefore { get; }

    /// <summary>What the bias's gradient is added to.</summary>
    public double[] BiasBefore { get; }

    /// <summary>[K, 3, 3, C].</summary>
    public double[] Filter { get; }

    /// <summary>[K].</summary>
    public double[] Bias { get; }

    /// <summary>The case of a shape, computed once for all tests; nobody changes its values.</summary>
    public static Conv2dWgradCase Of(Conv2dShape shape) =>
        Cases.GetOrAdd(shape, key => new Lazy<Conv2dWgradCase>(() => new Conv2dWgradCase(key))).Value;
}
