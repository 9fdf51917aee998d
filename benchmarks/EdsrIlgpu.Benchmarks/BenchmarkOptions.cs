using System.Globalization;
using EdsrIlgpu.Devices;

namespace EdsrIlgpu.Benchmarks;

/// <summary>What follows a table's name on the command line: <c>[THREADS|DEVICE] [--quick] [--json FILE]</c>.</summary>
/// <param name="Device">As <see cref="ComputeDevices.Open"/> takes it.</param>
/// <param name="Threads">Threads of the host; 0 for all processors.</param>
/// <param name="Repeats">Timings of which the median counts.</param>
/// <param name="Json">A file for the measurements; null for none.</param>
internal sealed record BenchmarkOptions(string Device, int Threads, int Repeats, string? Json)
{
    /// <summary>Reads the arguments; null if they are none of these.</summary>
    public static BenchmarkOptions? Parse(ReadOnlySpan<string> arguments)
    {
        var options = new BenchmarkOptions("host", 0, 15, null);
        for (int i = 0; i < arguments.Length; i++)
            switch (arguments[i])
            {
                case "--quick":
                    options = options with { Repeats = 5 };
                    break;
                case "--json" when i + 1 < arguments.Length:
                    options = options with { Json = arguments[++i] };
                    break;
                case var number when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int threads):
                    options = options with { Threads = threads };
                    break;
                case var device when !device.StartsWith('-'):
                    options = options with { Device = device };
                    break;
                default:
                    return null;
            }
        return options;
    }
}
