using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Benchmarks;

/// <summary>Whole networks with random parameters on the host, bytes to bytes, beside the machine's FMA peak.</summary>
internal static class NetworkTimes
{
    /// <summary>Prints a table in Markdown.</summary>
    public static void Run(TextWriter output, int threads, int repeats)
    {
        output.WriteLine("| network | picture | maps | memory, MiB | ms | GFLOP/s | FMA peak | share of peak |");
        output.WriteLine("|---|---|---|--:|--:|--:|--:|--:|");
        foreach (var mode in (MemoryMode[])[MemoryMode.Whole, MemoryMode.Bands(16), MemoryMode.Bands(4)])
            Time(output, new EdsrConfig(8, 64, 2), 256, mode, threads, repeats);
        Time(output, EdsrConfig.Baseline(2), 256, MemoryMode.Whole, threads, repeats);
        Time(output, EdsrConfig.Full(2), 64, MemoryMode.Whole, threads, (repeats + 2) / 3);
    }

    private static void Time(TextWriter output, EdsrConfig config, int side, MemoryMode mode, int threads, int repeats)
    {
        using var device = new HostComputeDevice(threads);
        var graph = Edsr.Build(config);
        using var network = new Network(graph, RandomParameters.For(graph), device);
        using var executor = network.CreateExecutor(1, side, side, mode);
        var pixels = new byte[side * side * 3];
        new Random(1).NextBytes(pixels);
        var result = new byte[pixels.Length * config.Scale * config.Scale];
        double flops = graph.Steps.OfType<Conv2dStep>().Sum(s => s.Shape(1, side, side).Flops);
        var measured = BesidePeak.Measure(device.Device, flops, repeats, () => executor.Run(pixels, config.Range.Load, config.Range.Store, result));
        string maps = mode == MemoryMode.Whole ? "whole" : $"bands of {mode.BandRows}";
        output.WriteLine(
            $"| {config.Blocks} blocks × {config.Features}, ×{config.Scale} | {side}×{side} | {maps} | {executor.Plan.Bytes / 1048576.0:F1} | {measured.Seconds * 1e3:F1} | {flops / measured.Seconds / 1e9:F1} | {measured.Peak:F1} | {measured.Share:P1} |");
    }
}
