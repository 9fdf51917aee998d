using System.Globalization;
using System.Text.Json.Nodes;

namespace EdsrIlgpu.Benchmarks;

/// <summary>Measurements as they come: a table in Markdown, and a file with all there are so far as JSON.</summary>
/// <param name="output">Where tables go.</param>
/// <param name="device">What the file says of the device.</param>
/// <param name="json">The file; null for none.</param>
internal sealed class BenchmarkResults(TextWriter output, string device, string? json)
{
    private readonly JsonArray rows = [];

    /// <summary>Where tables go.</summary>
    public TextWriter Output { get; } = output;

    /// <summary>Begins a table.</summary>
    /// <param name="columns">What stands before the figures.</param>
    public void Begin(params string[] columns)
    {
        string[] all = [.. columns, "ms", "GFLOP/s", "peak", "share of peak"];
        Output.WriteLine($"| {string.Join(" | ", all)} |");
        Output.WriteLine($"|{string.Concat(all.Select((_, i) => i < columns.Length ? "---|" : "--:|"))}");
    }

    /// <summary>Adds a row.</summary>
    /// <param name="operation">fprop, dgrad, wgrad, network or training.</param>
    /// <param name="problem">The problem's text, by which other programs' measurements are found.</param>
    /// <param name="variant">How it was computed.</param>
    /// <param name="flops">Work of one run.</param>
    /// <param name="measured">What was measured.</param>
    /// <param name="cells">What stands before the figures.</param>
    public void Add(string operation, string problem, string variant, double flops, BesidePeak measured, params string[] cells)
    {
        double gflops = flops / measured.Seconds / 1e9;
        string Figure(double value, string format) => double.IsNaN(value) ? "–" : value.ToString(format, CultureInfo.InvariantCulture);
        Output.WriteLine($"| {string.Join(" | ", [.. cells, Figure(measured.Seconds * 1e3, "F3"), Figure(gflops, "F1"), Figure(measured.Peak, "F0"), Figure(measured.Share, "P1")])} |");
        rows.Add(new JsonObject
        {
            ["operation"] = operation,
            ["problem"] = problem,
            ["variant"] = variant,
            ["milliseconds"] = measured.Seconds * 1e3,
            ["gflops"] = gflops,
            ["shareOfPeak"] = double.IsNaN(measured.Share) ? null : measured.Share,
        });
        // Each time: whoever takes too long is ended.
        if (json is not null)
            File.WriteAllText(json, new JsonObject { ["device"] = device, ["rows"] = rows.DeepClone() }.ToJsonString());
    }

    /// <summary>Whether something could not be measured.</summary>
    public bool HasFailures { get; private set; }

    /// <summary>Adds a row for what could not be measured.</summary>
    public void AddFailure(string reason, params string[] cells)
    {
        HasFailures = true;
        Output.WriteLine($"| {string.Join(" | ", [.. cells, reason])} | | | |");
    }
}
