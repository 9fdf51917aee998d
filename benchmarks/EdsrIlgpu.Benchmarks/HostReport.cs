using System.Runtime.InteropServices;
using EdsrIlgpu.Devices;

namespace EdsrIlgpu.Benchmarks;

/// <summary>The host's tables with the machine they were measured on, as results/ keeps them.</summary>
internal static class HostReport
{
    public static void Run(BenchmarkResults results, HostComputeDevice device, int repeats)
    {
        results.Output.WriteLine($"{Processor()}, {device.Description}; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}.");
        results.Output.WriteLine($"Medians of {repeats} timings, each between two measurements of the peak; random pixels and parameters.");
        results.Output.WriteLine();
        ConvolutionLadder.Run(results, BenchmarkProblems.Small, device, repeats);
        results.Output.WriteLine();
        NetworkTimes.Run(results, BenchmarkProblems.Small, device, repeats);
        results.Output.WriteLine();
        TrainingTimes.Run(results, BenchmarkProblems.Small, device, repeats);
    }

    private static string Processor()
    {
        const string cpuinfo = "/proc/cpuinfo";
        string? line = File.Exists(cpuinfo) ? File.ReadLines(cpuinfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
