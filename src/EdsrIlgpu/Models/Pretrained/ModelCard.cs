using System.Globalization;
using System.Text;

namespace EdsrIlgpu.Models.Pretrained;

/// <summary>
/// What shipped models' files say of their making, as text. The trainer writes recipe, step and figures on the pictures that were held
/// back; publishing adds the rest.
/// </summary>
internal static class ModelCard
{
    /// <summary>What a model was trained on, and under which licences the pictures stand.</summary>
    public const string Data = "training_data";

    /// <summary>What it was trained on.</summary>
    public const string Device = "training_device";

    /// <summary>How long that took.</summary>
    public const string Time = "training_time";

    private const string Recipe = "recipe", Step = "step", HeldPsnr = "psnr", HeldSsim = "ssim", Held = "validation", Start = "initialised_from";

    /// <summary>The benchmarks that the card tells the figures of.</summary>
    public static IReadOnlyList<string> Benchmarks { get; } = ["Set5", "Set14"];

    /// <summary>Name of a benchmark's PSNR in the metadata.</summary>
    public static string Psnr(string benchmark) => $"{benchmark.ToLowerInvariant()}_psnr";

    /// <summary>Name of a benchmark's SSIM in the metadata.</summary>
    public static string Ssim(string benchmark) => $"{benchmark.ToLowerInvariant()}_ssim";

    /// <summary>The card, in Markdown: a table of all models and how each was made.</summary>
    /// <param name="models">The models by file name, in order.</param>
    public static string Markdown(IReadOnlyList<(string File, EdsrModel Model)> models)
    {
        if (models.Count == 0)
            return "No model is shipped yet.";
        var text = new StringBuilder();
        text.AppendLine($"| file | scale | network | parameters | {string.Join(" | ", Benchmarks)} | held-back pictures |").AppendLine("|---|--:|---|--:|--:|--:|--:|");
        foreach (var (file, model) in models)
        {
            var config = model.Config;
            text.Append(CultureInfo.InvariantCulture, $"| `{file}` | ×{config.Scale} | {config.Blocks} blocks of {config.Features} features | {model.ParameterCount:N0} |");
            foreach (string benchmark in Benchmarks)
                text.Append($" {Said(model, Psnr(benchmark))} dB / {Said(model, Ssim(benchmark))} |");
            text.AppendLine($" {Said(model, HeldPsnr)} dB / {Said(model, HeldSsim)} |");
        }
        foreach (var (file, model) in models)
            text.AppendLine().AppendLine($"**{file}**").AppendLine()
                .AppendLine($"- Data: {Said(model, Data)}")
                .AppendLine($"- Recipe: {Said(model, Recipe)}; best at step {Said(model, Step)}{(model.Metadata.TryGetValue(Start, out string? start) ? $"; begun from {start}" : "")}")
                .AppendLine($"- Held-back pictures: {Said(model, Held)}")
                .AppendLine($"- Trained on {Said(model, Device)}, {Said(model, Time)}");
        return text.ToString().ReplaceLineEndings("\n").Trim();
    }

    private static string Said(EdsrModel model, string key) => model.Metadata.TryGetValue(key, out string? value)
        ? value
        : throw new EdsrException($"The metadata of this model do not say {key}: publish it as README.md beside the models tells.");
}
