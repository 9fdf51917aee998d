using System.Text.Json;

namespace EdsrIlgpu.Cli.Training;

/// <summary>A run's log as curves.</summary>
/// <param name="Losses">Step and mean loss of each step that was not skipped.</param>
/// <param name="Rates">Step and learning rate.</param>
/// <param name="Psnr">Step and PSNR of each validation, in dB.</param>
/// <param name="Ssim">Step and SSIM of each validation.</param>
internal sealed record TrainingLog(IReadOnlyList<CurvePoint> Losses, IReadOnlyList<CurvePoint> Rates, IReadOnlyList<CurvePoint> Psnr, IReadOnlyList<CurvePoint> Ssim)
{
    /// <summary>Reads <c>log.jsonl</c>, which may be being written.</summary>
    /// <exception cref="EdsrException">It cannot be read.</exception>
    public static TrainingLog Read(string path)
    {
        List<CurvePoint> losses = [], rates = [], psnr = [], ssim = [];
        try
        {
            using var reader = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
            while (reader.ReadLine() is { } line)
            {
                using var json = JsonDocument.Parse(line);
                long step = json.RootElement.GetProperty("step").GetInt64();
                foreach (var (name, curve) in ((string, List<CurvePoint>)[])[("loss", losses), ("rate", rates), ("psnr", psnr), ("ssim", ssim)])
                    if (json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number)
                        curve.Add(new CurvePoint(step, value.GetDouble()));
            }
        }
        catch (Exception problem) when (problem is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or UnauthorizedAccessException or IOException)
        {
            throw new EdsrException($"{path} cannot be read: {problem.Message}", problem);
        }
        return new TrainingLog(losses, rates, psnr, ssim);
    }
}
