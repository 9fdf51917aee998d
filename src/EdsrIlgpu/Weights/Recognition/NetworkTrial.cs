using EdsrIlgpu.Devices;
using EdsrIlgpu.Models;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Weights.Recognition;

/// <summary>
/// How well a network enlarges a small drawn picture whose large original is known. Of two ranges or residual scales, the one with
/// which it does so better is what it was trained with: a wrong one costs a trained network decibels, or costs it next to nothing
/// and does not matter.
/// </summary>
internal sealed class NetworkTrial : IDisposable
{
    // Small, as a full EDSR needs 20 GFLOP for it; the borders are left out.
    private const int Side = 16, Margin = 3, SamplesPerSide = 4;

    // Fewer parameters than these are tried faster on one thread than more threads are started.
    private const long SmallNetwork = 1 << 20;

    private readonly HostComputeDevice device;
    private readonly Picture original, small;
    private readonly double bicubic;

    /// <summary>Draws the picture.</summary>
    /// <param name="scale">The networks' scale.</param>
    /// <param name="channels">The networks' channels.</param>
    /// <param name="parameterCount">About how large they are.</param>
    public NetworkTrial(int scale, int channels, long parameterCount)
    {
        device = new HostComputeDevice(parameterCount < SmallNetwork ? 1 : 0);
        original = Draw(Side * scale, channels);
        small = MatlabBicubic.Downscale(original, scale);
        bicubic = Psnr(MatlabBicubic.Upscale(small, scale), scale);
    }

    /// <summary>By how many decibels of PSNR a network is better than bicubic resampling.</summary>
    public double Gain(EdsrConfig config, IReadOnlyDictionary<string, float[]> parameters)
    {
        using var upscaler = new Upscaler(new EdsrModel(config, parameters), device);
        return Psnr(upscaler.Upscale(small), config.Scale) - bicubic;
    }

    /// <inheritdoc/>
    public void Dispose() => device.Dispose();

    private double Psnr(Picture result, int scale)
    {
        int start = Margin * scale * original.Channels, bytes = original.Width * original.Channels - 2 * start;
        double squares = 0;
        for (int y = Margin * scale; y < original.Height - Margin * scale; y++)
        {
            Span<byte> actual = result.Row(y).Slice(start, bytes), wanted = original.Row(y).Slice(start, bytes);
            for (int i = 0; i < bytes; i++)
                squares += (actual[i] - wanted[i]) * (actual[i] - wanted[i]);
        }
        double mean = squares / (bytes * (original.Height - 2.0 * Margin * scale));
        return 10 * Math.Log10(255 * 255 / Math.Max(mean, 1e-3));
    }

    private static Picture Draw(int side, int channels)
    {
        var picture = new Picture(side, side, channels);
        const int samples = SamplesPerSide * SamplesPerSide;
        for (int y = 0; y < side; y++)
        {
            var row = picture.Row(y);
            for (int i = 0; i < row.Length; i++)
            {
                double sum = 0;
                for (int s = 0; s < samples; s++)
                    sum += Scene((i / channels + (s % SamplesPerSide + 0.5) / SamplesPerSide) / side, (y + (s / SamplesPerSide + 0.5) / SamplesPerSide) / side, i % channels);
                row[i] = (byte)Math.Round(sum / samples);
            }
        }
        return picture;
    }

    /// <summary>A ring, two gratings and a line before a gradient; u and v in [0, 1], the brightness in 0–255.</summary>
    private static double Scene(double u, double v, int channel)
    {
        double radius = Math.Sqrt((u - 0.32) * (u - 0.32) + (v - 0.36) * (v - 0.36));
        (double Red, double Green, double Blue) colour =
            v > 0.6 && Math.Abs(0.9 * u + 0.44 * v - 0.9) < 0.02 ? (245, 245, 245)
            : v > 0.6 && IsOdd(14 * (0.9 * v - 0.44 * u)) ? (70, 130, 210)
            : u > 0.5 && v < 0.5 ? IsOdd(16 * (0.8 * u + 0.6 * v)) ? (235, 235, 225) : (25, 30, 45)
            : radius < 0.12 ? (30, 60, 150)
            : radius < 0.22 ? (225, 190, 40)
            : (60 + 120 * u, 200 - 120 * v, 90 + 60 * (u + v));
        return channel switch { 0 => colour.Red, 1 => colour.Green, _ => colour.Blue };

        static bool IsOdd(double value) => ((int)Math.Floor(value) & 1) != 0;
    }
}
