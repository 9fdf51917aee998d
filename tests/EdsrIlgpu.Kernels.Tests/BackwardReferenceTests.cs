namespace EdsrIlgpu.Kernels.Tests;

/// <summary>Every backward reference against finite differences of its forward reference.</summary>
public class BackwardReferenceTests(ITestOutputHelper output)
{
    private static readonly Conv2dShape Shape = new(2, 4, 3, 5, 8);

    private static readonly double[] X = TestValues.Random(2 * 4 * 3 * 5, 1), Filter = TestValues.Random(Shape.FilterLength, 2), Bias = TestValues.Random(Shape.K, 3);

    private static readonly double[] Dy = TestValues.Random(2 * 4 * 3 * 8, 4);

    /// <summary>Values away from ReLU's bend.</summary>
    private static readonly double[] Bent = [.. X.Select(v => v + (v < 0 ? -0.01 : 0.01))];

    /// <summary>Above or below every value, so away from the bend of |y − target|.</summary>
    private static readonly double[] Target = [.. X.Select((v, i) => v + (i % 2 == 0 ? 0.3 : -0.2))];

    private static readonly Dictionary<string, Func<double>> Errors = new()
    {
        ["convolution, input"] = () => FiniteDifferences.WorstError(
            x => Convolve(x, Filter, Bias), X, Dy, Conv2dReference.Dgrad(Dy, Filter, Shape)),
        ["convolution, input, by the turned filter"] = () => FiniteDifferences.WorstError(
            x => Convolve(x, Filter, Bias), X, Dy, ByTurnedFilter(Epilogue.Bias, null)),
        ["convolution, input, through ReLU's mask"] = () => FiniteDifferences.WorstError(
            x => Convolve(ReluReference.Forward(x), Filter, Bias), Bent, Dy, ByTurnedFilter(Epilogue.ReluMask, ReluReference.Forward(Bent))),
        ["convolution, filter"] = () => FiniteDifferences.WorstError(
            w => Convolve(X, w, Bias), Filter, Dy, Conv2dReference.Wgrad(X, Dy, Shape).Dw),
        ["convolution, bias"] = () => FiniteDifferences.WorstError(
            b => Convolve(X, Filter, b), Bias, Dy, Conv2dReference.Wgrad(X, Dy, Shape).Db),
        ["ReLU"] = () => FiniteDifferences.WorstError(
            ReluReference.Forward, Bent, Dy[..Bent.Length], ReluReference.Backward(ReluReference.Forward(Bent), Dy[..Bent.Length])),
        ["scaled residual add, input"] = () => FiniteDifferences.WorstError(
            x => ScaledResidualAddReference.Forward(x, Dy, 0.1), [.. Dy.Reverse()], Dy, ScaledResidualAddReference.Backward(Dy, 0.1)),
        ["scaled residual add, residual"] = () => FiniteDifferences.WorstError(
            residual => ScaledResidualAddReference.Forward(Dy, residual, 0.1), [.. Dy.Reverse()], Dy, ScaledResidualAddReference.Backward(Dy, 1)),
        ["PixelShuffle"] = () => FiniteDifferences.WorstError(
            x => PixelShuffleReference.Forward(x, 2, 4, 3, 2, 2), [.. Dy.Reverse()], Dy, PixelShuffleReference.Inverse(Dy, 2, 4, 3, 2, 2)),
        ["L1"] = () => FiniteDifferences.WorstError(
            y => [LossReference.Forward(LossFunction.L1, y, Target)], X, [1], LossReference.Backward(LossFunction.L1, X, Target)),
        ["MSE"] = () => FiniteDifferences.WorstError(
            y => [LossReference.Forward(LossFunction.Mse, y, Target)], X, [1], LossReference.Backward(LossFunction.Mse, X, Target)),
    };

    public static TheoryData<string> Operations => [.. Errors.Keys];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Gradients_are_those_of_finite_differences(string operation)
    {
        double error = Errors[operation]();
        output.WriteLine($"{operation}: worst relative error {error:E1}");
        Assert.True(error <= 1e-10, $"{operation}: {error:E2}");
    }

    private static double[] Convolve(double[] x, double[] filter, double[] bias) => Conv2dReference.Fprop(x, filter, bias, null, Shape, Epilogue.Bias);

    private static double[] ByTurnedFilter(Epilogue epilogue, double[]? mask)
    {
        var turned = new float[Filter.Length];
        Conv2dDgrad.Turn(TestValues.Single(Filter), Shape.K, Shape.C, turned);
        return Conv2dReference.Fprop(Dy, [.. turned.Select(v => (double)v)], new double[Shape.C], mask, Shape.Transposed, epilogue);
    }
}
