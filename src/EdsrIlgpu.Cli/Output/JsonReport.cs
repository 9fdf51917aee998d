using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdsrIlgpu.Cli.Output;

/// <summary>JSON on standard output. Numbers that JSON has no word for (an infinite PSNR) become null.</summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Print(JsonNode report) => Console.Out.WriteLine(report.ToJsonString(Options));

    public static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
