using System.Diagnostics;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Benchmarks;

/// <summary>
/// Timings beside the machine's FMA peak of the same seconds: peak, run, peak, run, … Clocks and neighbours come and go, so only the
/// share of the peak means something; the medians count.
/// </summary>
/// <param name="Seconds">Median time of one run.</param>
/// <param name="Peak">Median peak, GFLOP/s.</param>
/// <param name="Share">Median of each run's share of the peak around it.</param>
internal readonly record struct BesidePeak(double Seconds, double Peak, double Share)
{
    /// <summary>Measures.</summary>
    /// <param name="device">Whose threads make the peak.</param>
    /// <param name="flops">Work of one run.</param>
    /// <param name="repeats">Timings; two more come first and are thrown away.</param>
    /// <param name="run">One run.</param>
    public static BesidePeak Measure(HostDevice device, double flops, int repeats, Action run)
    {
        int inner = Math.Max(1, (int)(2e9 / flops));
        var seconds = new List<double>();
        var peaks = new List<double>();
        var shares = new List<double>();
        for (int i = -2; i < repeats; i++)
        {
            double before = FmaPeak.Measure(device);
            var start = Stopwatch.GetTimestamp();
            for (int j = 0; j < inner; j++)
                run();
            double time = Stopwatch.GetElapsedTime(start).TotalSeconds / inner;
            double peak = (before + FmaPeak.Measure(device)) / 2;
            if (i < 0)
                continue;
            seconds.Add(time);
            peaks.Add(peak);
            shares.Add(flops / time / 1e9 / peak);
        }
        return new BesidePeak(Median(seconds), Median(peaks), Median(shares));
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
