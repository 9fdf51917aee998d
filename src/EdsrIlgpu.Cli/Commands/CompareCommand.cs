using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using EdsrIlgpu.Cli.Comparing;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Files;
using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr compare</c>: bilinear and bicubic beside EDSR, to look at.</summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var low = SharedOptions.File("LR", "The picture to make larger.");
        var hr = new Option<string?>("--hr") { Description = "The picture that LR was made of: shown beside the others, and what they are measured against.", HelpName = "HR" };
        var output = new Option<string>("--output", "-o") { Description = "What to write: an HTML page with a slider and zoom, or a PNG.", HelpName = "FILE.html|FILE.png", Required = true };
        var model = SharedOptions.Model();
        var scale = SharedOptions.Scale();
        var device = SharedOptions.Device();
        var threads = SharedOptions.Threads();
        var maxPixels = SharedOptions.MaxPixels();
        var json = SharedOptions.Json();
        var command = new Command("compare", "Lay bilinear and bicubic beside EDSR, with PSNR and SSIM where the original is given.")
        {
            low, hr, output, model, scale, device, threads, maxPixels, json,
        };
        command.Runs((parsed, cancel) =>
        {
            string input = parsed.GetRequiredValue(low), to = parsed.GetRequiredValue(output);
            string? original = parsed.GetValue(hr);
            var write = Writer(to);
            RequireApart(to, original is null ? [input] : [input, original]);
            var (upscaler, computeDevice) = UpscalerFactory.Open(parsed.GetValue(model), parsed.GetValue(scale), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            using (computeDevice)
            using (upscaler)
            {
                Comparison? made = null;
                var (exitCode, failures) = FileRun.Each([input], parsed.GetValue(json), cancel, (_, display) =>
                {
                    var picture = PictureFile.Load(input, new ReadOptions { MaxPixels = parsed.GetValue(maxPixels), Tell = display.Complain });
                    var reference = original is null ? null : PictureFile.Load(original, parsed.GetValue(maxPixels));
                    made = Comparison.Make(picture, reference, upscaler, display, cancel);
                    cancel.ThrowIfCancellationRequested();
                    write(made, Path.GetFileName(input), to);
                    return string.Join('\n', [.. made.Pictures.Where(p => p.Quality is not null).Select(p => $"{p.Name,-8}  {p.Figures}"), to]);
                });
                if (parsed.GetValue(json))
                    JsonReport.Print(Report(to, made, failures));
                return exitCode;
            }
        });
        return command;
    }

    /// <summary>What the output's extension asks for.</summary>
    private static Action<Comparison, string, string> Writer(string output) => Path.GetExtension(output).ToLowerInvariant() switch
    {
        ".html" or ".htm" => (comparison, title, path) => AtomicFile.Write(path, part =>
        {
            using var writer = new StreamWriter(part, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            ComparisonPage.Write(comparison, title, writer);
        }),
        ".png" => (comparison, _, path) => PictureFile.Save(ComparisonSheet.Draw(comparison), path),
        _ when output.Length == 0 => throw new EdsrException("-o names nothing: give a file, .html or .png."),
        _ => throw new EdsrException($"{output} must end in .html or .png, which is what compare writes."),
    };

    private static void RequireApart(string output, IEnumerable<string> inputs)
    {
        foreach (string input in inputs)
            if (RealPath.Of(input) == RealPath.Of(output))
                throw new EdsrException($"{output} is an input and would be overwritten: write elsewhere.");
        AtomicFile.RequireWritable(output);
    }

    private static JsonObject Report(string output, Comparison? comparison, JsonArray failures) => new()
    {
        ["output"] = comparison is null ? null : output,
        ["scale"] = comparison?.Scale,
        ["pictures"] = new JsonArray([.. (comparison?.Pictures ?? []).Select(p => (JsonNode)new JsonObject
        {
            ["name"] = p.Name,
            ["psnr"] = p.Quality is { } q ? JsonReport.Number(q.Psnr) : null,
            ["ssim"] = p.Quality?.Ssim,
        })]),
        ["failures"] = failures,
    };
}
