using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Benchmarks;

/// <summary>Whole networks with random parameters, from bytes to bytes in the host's memory, beside the device's peak.</summary>
internal static class NetworkTimes
{
    /// <summary>Prints a table in Markdown.</summary>
    public static void Run(BenchmarkResults results, BenchmarkProblems problems, ComputeDevice device, int repeats)
    {
        results.Begin("network", "maps", "memory, MiB");
        foreach (var problem in problems.Networks)
            try
            {
                Time(results, problem, MemoryMode.Whole, device, repeats);
            }
            catch (OutOfMemoryException lack)
            {
                results.AddFailure(lack.Message, problem.ToString(), "", "");
            }
        foreach (int rows in (int[])[16, 4])
            Time(results, problems.Networks[0], MemoryMode.Bands(rows), device, repeats);
    }

    private static void Time(BenchmarkResults results, NetworkProblem problem, MemoryMode mode, ComputeDevice device, int repeats)
    {
        var (config, height, width) = problem;
        var graph = Edsr.Build(config);
        using var network = new Network(graph, RandomParameters.For(graph), device);
        using var executor = network.CreateExecutor(1, height, width, mode);
        var pixels = new byte[height * width * 3];
        new Random(1).NextBytes(pixels);
        var result = new byte[pixels.Length * config.Scale * config.Scale];
        double flops = graph.Steps.OfType<Conv2dStep>().Sum(s => s.Shape(1, height, width).Flops);
        var measured = BesidePeak.Measure(device, flops, repeats, () => executor.Run(pixels, config.Range.Load, config.Range.Store, result));
        string maps = mode == MemoryMode.Whole ? "whole" : $"bands of {mode.BandRows}";
        results.Add("network", problem.ToString(), maps, flops, measured, problem.ToString(), maps, $"{executor.Plan.Bytes / 1048576.0:F1}");
    }
}
