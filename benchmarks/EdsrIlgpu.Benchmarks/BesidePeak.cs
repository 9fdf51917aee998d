using System.Diagnostics;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Kernels;
using ILGPU.Runtime;

namespace EdsrIlgpu.Benchmarks;

/// <summary>
/// Timings beside the device's peak. The host's is measured in the same seconds: peak, run, peak, run, …; clocks and neighbours come
/// and go, so only the share of the peak means something. An accelerator's is computed from what its driver says of it.
/// </summary>
/// <param name="Seconds">Median time of one run.</param>
/// <param name="Peak">Peak, GFLOP/s, the median where it is measured; NaN if it is not known.</param>
/// <param name="Share">Median of each run's share of the peak; NaN if that is not known.</param>
internal readonly record struct BesidePeak(double Seconds, double Peak, double Share)
{
    /// <summary>Measures.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="flops">Work of one run.</param>
    /// <param name="repeats">Timings; before them comes what warms up.</param>
    /// <param name="run">One run; on an accelerator it may end before its work does.</param>
    public static BesidePeak Measure(ComputeDevice device, double flops, int repeats, Action run) => device switch
    {
        HostComputeDevice host => OnHost(host.Device, flops, repeats, run),
        AcceleratorComputeDevice accelerator => OnAccelerator(accelerator.Device.Accelerator, flops, repeats, run),
        _ => throw new ArgumentException($"{device.Name} cannot be timed."),
    };

    private static BesidePeak OnHost(HostDevice device, double flops, int repeats, Action run)
    {
        int inner = Math.Max(1, (int)(2e9 / flops));
        var seconds = new List<double>();
        var peaks = new List<double>();
        var shares = new List<double>();
        for (int i = -2; i < repeats; i++)
        {
            double before = FmaPeak.Measure(device);
            double time = Time(inner, run);
            double peak = (before + FmaPeak.Measure(device)) / 2;
            if (i < 0)
                continue;
            seconds.Add(time);
            peaks.Add(peak);
            shares.Add(flops / time / 1e9 / peak);
        }
        return new BesidePeak(Median(seconds), Median(peaks), Median(shares));
    }

    /// <summary>
    /// Runs follow each other without a gap, as many as last some milliseconds, between two points where all work is done. What takes
    /// long is not repeated as often.
    /// </summary>
    private static BesidePeak OnAccelerator(Accelerator accelerator, double flops, int repeats, Action run)
    {
        const double OneTiming = 0.01, AllTimings = 2;
        void All(int count)
        {
            for (int j = 0; j < count; j++)
                run();
            accelerator.Synchronize();
        }
        All(1);
        int inner = (int)Math.Clamp(OneTiming / Time(1, () => All(1)), 1, 1000);
        All(inner);
        var seconds = new List<double>();
        var start = Stopwatch.GetTimestamp();
        while (seconds.Count == 0 || (seconds.Count < repeats && Stopwatch.GetElapsedTime(start).TotalSeconds < AllTimings))
            seconds.Add(Time(1, () => All(inner)) / inner);
        double median = Median(seconds), peak = AcceleratorPeak.Of(accelerator);
        return new BesidePeak(median, peak, flops / median / 1e9 / peak);
    }

    private static double Time(int inner, Action run)
    {
        var start = Stopwatch.GetTimestamp();
        for (int j = 0; j < inner; j++)
            run();
        return Stopwatch.GetElapsedTime(start).TotalSeconds / inner;
    }

    private static double Median(List<double> values)
    {
        values.Sort();
        return values[values.Count / 2];
    }
}
