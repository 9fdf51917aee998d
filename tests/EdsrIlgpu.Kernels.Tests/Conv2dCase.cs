using System.Collections.Concurrent;

namespace EdsrIlgpu.Kernels.Tests;

/// <summary>A convolution with its values and the reference's result.</summary>
internal sealed class Conv2dCase
{
    private static readonly ConcurrentDictionary<(Conv2dShape, Epilogue), Lazy<Conv2dCase>> Cases = new();

    private Conv2dCase(Conv2dShape shape, Epilogue epilogue)
    {
        (Shape, Epilogue, Output) = (shape, epilogue, epilogue.Output(shape));
        X = TestValues.Random((long)shape.N * shape.H * shape.W * shape.C, 1);
        Filter = TestValues.Random(shape.FilterLength, 2, Math.Sqrt(1.0 / (9 * shape.C)));
        Bias = TestValues.Random(shape.K, 3);
        Residual = epilogue.ReadsOperand ? TestValues.Random((long)shape.N * shape.H * shape.W * shape.K, 4) : null;
        Expected = Conv2dReference.Fprop(X, Filter, Bias, Residual, shape, epilogue);
    }

    public Conv2dShape Shape { get; }

    public Epilogue Epilogue { get; }

    public MapShape Input => new(Shape.N, Shape.H, Shape.W, Shape.C);

    public MapShape Output { get; }

    public double[] X { get; }

    public double[] Filter { get; }

    public double[] Bias { get; }

    public double[]? Residual { get; }

    public double[] Expected { get; }

    /// <summary>The case of a shape and an epilogue, computed once for all tests; nobody changes its values.</summary>
    public static Conv2dCase Of(Conv2dShape shape, Epilogue epilogue) =>
        Cases.GetOrAdd((shape, epilogue), key => new Lazy<Conv2dCase>(() => new Conv2dCase(key.Item1, key.Item2))).Value;
}
