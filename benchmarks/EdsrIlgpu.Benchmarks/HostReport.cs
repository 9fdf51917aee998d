using System.Runtime.InteropServices;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Benchmarks;

/// <summary>The host's tables with the machine they were measured on, as results/ keeps them.</summary>
internal static class HostReport
{
    public static void Run(TextWriter output, int threads, int repeats)
    {
        int used = threads > 0 ? threads : Environment.ProcessorCount;
        output.WriteLine($"{Processor()}, {used} threads, {HostSimdSupport.Widest}; {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}.");
        output.WriteLine($"Medians of {repeats} timings, each between two measurements of the peak; random pixels and parameters.");
        output.WriteLine();
        HostLadder.Run(output, threads, repeats);
        output.WriteLine();
        NetworkTimes.Run(output, threads, repeats);
        output.WriteLine();
        TrainingTimes.Run(output, threads, repeats);
    }

    private static string Processor()
    {
        const string cpuinfo = "/proc/cpuinfo";
        string? line = File.Exists(cpuinfo) ? File.ReadLines(cpuinfo).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }
}
