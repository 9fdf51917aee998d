using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Benchmarks;

/// <summary>Whole training steps (forward, loss, backward, norm, Adam, average), beside the device's peak.</summary>
internal static class TrainingTimes
{
    /// <summary>Prints a table in Markdown.</summary>
    public static void Run(BenchmarkResults results, BenchmarkProblems problems, ComputeDevice device, int repeats)
    {
        results.Begin("network, batch of LR patches", "memory, MiB", "GFLOP");
        foreach (var problem in problems.Training)
            try
            {
                Time(results, problem, device, repeats);
            }
            catch (OutOfMemoryException lack)
            {
                results.AddFailure(lack.Message, problem.ToString(), "", "");
            }
    }

    private static void Time(BenchmarkResults results, TrainingProblem problem, ComputeDevice device, int repeats)
    {
        var (config, batch, patch) = problem;
        var graph = Edsr.Build(config);
        using var executor = device.CreateTrainingExecutor(graph, batch, patch, patch);
        var flat = new float[executor.Parameters.Length];
        executor.Parameters.FromModel(RandomParameters.For(graph), flat);
        executor.Write(TrainingBuffer.Parameters, flat);
        var random = new Random(1);
        var x = new float[batch * patch * patch * config.Channels];
        var target = new float[x.Length * config.Scale * config.Scale];
        foreach (var values in (float[][])[x, target])
            for (int i = 0; i < values.Length; i++)
                values[i] = random.NextSingle() * 255 - 128;
        executor.Load(x, target);

        long step = 0;
        double flops = TrainingFlops(graph, batch, patch);
        var measured = BesidePeak.Measure(device, flops, repeats, () =>
        {
            executor.Forward();
            executor.Loss(LossFunction.L1);
            executor.ZeroGradients();
            executor.Backward();
            executor.GradientNorm();
            executor.Adam(new AdamStep(++step, 1e-4f), 1);
            executor.UpdateAverage(0.999f);
        });
        results.Add("training", problem.ToString(), "", flops, measured, problem.ToString(), $"{executor.Bytes / 1048576.0:F0}", $"{flops / 1e9:F1}");
    }

    /// <summary>Forward, filters' gradients and, but for the first convolution, inputs' gradients, counted as the direct algorithm does them.</summary>
    private static double TrainingFlops(LayerGraph graph, int batch, int patch) =>
        graph.Steps.OfType<Conv2dStep>().Sum(s => s.Shape(batch, patch, patch).Flops * (s.From == graph.InputValue ? 2 : 3));
}
