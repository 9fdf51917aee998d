using EdsrIlgpu.Devices;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Benchmarks;

/// <summary>
/// Every variant of the convolution that a device has, forward and of its two gradients, beside the device's peak where that is
/// known. A variant that is wrong is not timed.
/// </summary>
internal abstract class ConvolutionLadder(ComputeDevice device)
{
    // Rows at the top of the picture, and output channels of the filter's gradient, that are compared with the reference; the
    // whole would take it minutes.
    private const int CheckedRows = 3, CheckedChannels = 2;

    // Pixels of the largest problem for which the variants' error budgets are meant. A gradient sums over all pixels, and its rounding
    // error grows with them.
    private const double BudgetPixels = 2000;

    /// <summary>Prints a table.</summary>
    public static void Run(BenchmarkResults results, BenchmarkProblems problems, ComputeDevice device, int repeats)
    {
        ConvolutionLadder ladder = device is HostComputeDevice host ? new HostLadder(host) : new AcceleratorLadder((AcceleratorComputeDevice)device);
        results.Begin("", "convolution", "variant");
        foreach (var shape in problems.Fprop)
            ladder.TimeFprop(results, "fprop", shape, shape, Epilogue.BiasRelu, repeats);
        foreach (var shape in problems.Dgrad)
            ladder.TimeFprop(results, "dgrad", shape, shape.Transposed, Epilogue.ReluMask, repeats);
        foreach (var shape in problems.Wgrad)
            ladder.TimeWgrad(results, shape, repeats);
    }

    /// <summary>The variants of a convolution, one after the other, each until the next is asked for.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="epilogue">What happens to the sums; no PixelShuffle.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="filter">[K, 3, 3, C].</param>
    /// <param name="bias">[K].</param>
    /// <param name="operand">[N, H, W, K] if the epilogue reads one.</param>
    protected abstract IEnumerable<LadderCandidate> Fprop(Conv2dShape shape, Epilogue epilogue, float[] x, float[] filter, float[] bias, float[]? operand);

    /// <summary>The variants of the gradient of a convolution's filter.</summary>
    /// <param name="shape">Sizes.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="dy">[N, H, W, K].</param>
    protected abstract IEnumerable<LadderCandidate> Wgrad(Conv2dShape shape, float[] x, float[] dy);

    private void TimeFprop(BenchmarkResults results, string operation, Conv2dShape problem, Conv2dShape shape, Epilogue epilogue, int repeats)
    {
        long pixels = (long)shape.N * shape.H * shape.W;
        float[] filter = BenchmarkValues.Random(shape.FilterLength, 1, Math.Sqrt(1.0 / (9 * shape.C))), bias = BenchmarkValues.Random(shape.K, 2, 0.1);
        float[] x = BenchmarkValues.Random(pixels * shape.C, 3, 0.5);
        float[]? operand = epilogue.ReadsOperand ? BenchmarkValues.Random(pixels * shape.K, 4, 0.5) : null;
        int rows = Math.Min(shape.H, CheckedRows + 1), compared = Math.Min(shape.H, CheckedRows) * shape.W * shape.K;
        double[] Top(float[] values, int channels) => BenchmarkValues.Doubles(values.AsSpan(0, rows * shape.W * channels));
        double[] expected = Conv2dReference.Fprop(
            Top(x, shape.C), BenchmarkValues.Doubles(filter), BenchmarkValues.Doubles(bias), operand is null ? null : Top(operand, shape.K), shape with { N = 1, H = rows }, epilogue);
        foreach (var candidate in Fprop(shape, epilogue, x, filter, bias, operand))
            Time(results, operation, problem, candidate, 1, CheckedRows, expected.AsSpan(0, compared), repeats);
    }

    private void TimeWgrad(BenchmarkResults results, Conv2dShape shape, int repeats)
    {
        long pixels = (long)shape.N * shape.H * shape.W;
        float[] x = BenchmarkValues.Random(pixels * shape.C, 3, 0.5), dy = BenchmarkValues.Random(pixels * shape.K, 4, 0.5);
        var few = shape with { K = Math.Min(shape.K, CheckedChannels) };
        double[] first = [.. BenchmarkValues.Doubles(dy).Chunk(shape.K).SelectMany(pixel => pixel.Take(few.K))];
        double[] expected = Conv2dReference.Wgrad(BenchmarkValues.Doubles(x), first, few).Dw;
        foreach (var candidate in Wgrad(shape, x, dy))
            Time(results, "wgrad", shape, candidate, Math.Max(1, pixels / BudgetPixels), few.K, expected, repeats);
    }

    private void Time(BenchmarkResults results, string operation, Conv2dShape problem, LadderCandidate candidate, double budget, int part, ReadOnlySpan<double> expected, int repeats)
    {
        candidate.Run();
        double[] actual = candidate.Read(part);
        double error = 0, energy = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            energy += expected[i] * expected[i];
        }
        string[] cells = [operation, problem.ToString(), $"`{candidate.Name}`"];
        if (error <= budget * candidate.MaxNmse * energy)
            results.Add(operation, problem.ToString(), candidate.Name, problem.Flops, BesidePeak.Measure(device, problem.Flops, repeats, candidate.Run), cells);
        else
            results.AddFailure($"wrong, NMSE {error / energy:E2}: not timed", cells);
    }
}
