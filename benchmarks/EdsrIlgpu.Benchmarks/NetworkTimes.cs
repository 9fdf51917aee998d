using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Benchmarks;

/// <summary>Whole networks with random parameters on the host, bytes to bytes, beside the machine's FMA peak.</summary>
internal static class NetworkTimes
{
    public static void Run(int threads, int repeats)
    {
        Console.WriteLine($"{"network",-22} {"picture",-10} {"maps",-12} {"MiB",7} {"ms",9} {"GFLOP/s",9} {"peak",8} {"share",7}");
        foreach (var mode in (MemoryMode[])[MemoryMode.Whole, MemoryMode.Bands(16), MemoryMode.Bands(4)])
            Time(new EdsrConfig(8, 64, 2), "EDSR 8×64 ×2", 256, mode, threads, repeats);
        Time(EdsrConfig.Baseline(2), "baseline ×2", 256, MemoryMode.Whole, threads, repeats);
        Time(EdsrConfig.Full(2), "full ×2", 64, MemoryMode.Whole, threads, repeats / 3);
    }

    private static void Time(EdsrConfig config, string name, int side, MemoryMode mode, int threads, int repeats)
    {
        using var device = new HostComputeDevice(threads);
        using var peakDevice = new HostDevice(threads);
        var graph = Edsr.Build(config);
        using var network = new Network(graph, RandomParameters.For(graph), device);
        using var executor = network.CreateExecutor(1, side, side, mode);
        var pixels = new byte[side * side * 3];
        new Random(1).NextBytes(pixels);
        var output = new byte[pixels.Length * config.Scale * config.Scale];
        double flops = graph.Steps.OfType<Conv2dStep>().Sum(s => s.Shape(1, side, side).Flops);
        var measured = BesidePeak.Measure(peakDevice, flops, repeats, () => executor.Run(pixels, config.Range.Load, config.Range.Store, output));
        string maps = mode == MemoryMode.Whole ? "whole" : $"{mode.BandRows} rows";
        Console.WriteLine($"{name,-22} {$"{side}×{side}",-10} {maps,-12} {executor.Plan.Bytes / 1048576.0,7:F1} {measured.Seconds * 1e3,9:F1} {flops / measured.Seconds / 1e9,9:F1} {measured.Peak,8:F1} {measured.Share,7:P1}");
    }
}
