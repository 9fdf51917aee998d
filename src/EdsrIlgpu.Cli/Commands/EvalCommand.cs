using System.CommandLine;
using System.Text.Json.Nodes;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Metrics;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr eval</c>: PSNR and SSIM of a model on pairs of pictures, as the published tables measure them.</summary>
internal static class EvalCommand
{
    public static Command Create()
    {
        var hr = new Option<string[]>("--hr") { Description = "High-resolution pictures, or folders of them; in a folder with *_HR files, those.", HelpName = "DIR|FILES", Required = true, AllowMultipleArgumentsPerToken = true };
        var lr = new Option<string[]>("--lr") { Description = "Their low-resolution partners, by name. If not given: *_LR files beside *_HR files, else made from the high-resolution ones by bicubic.", HelpName = "DIR|FILES", AllowMultipleArgumentsPerToken = true };
        var model = SharedOptions.Model();
        var scale = SharedOptions.Scale();
        var protocol = SharedOptions.Choice<Protocol>("--protocol", "y: luma, border of the scale cut off (Set5, Set14, …). rgb: three channels, border of 6 + scale (DIV2K). tutorial: whole pictures, made smaller by bilinear as the tutorial does; its own figure beside the true one.");
        var border = SharedOptions.BorderRule();
        var device = SharedOptions.Device();
        var threads = SharedOptions.Threads();
        var maxPixels = SharedOptions.MaxPixels();
        var json = SharedOptions.Json();
        var command = new Command("eval", "Measure a model: PSNR and SSIM for each picture, and their mean.")
        {
            hr, lr, model, scale, protocol, border, device, threads, maxPixels, json,
        };
        command.Runs((parsed, cancel) =>
        {
            _ = PictureInputs.Find(parsed.GetRequiredValue(hr));
            var (upscaler, computeDevice) = UpscalerFactory.Open(parsed.GetValue(model), parsed.GetValue(scale), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            using (computeDevice)
            using (upscaler)
            {
                var pairs = PicturePair.Find(parsed.GetRequiredValue(hr), parsed.GetValue(lr) ?? [], upscaler.Scale, takeLrBeside: parsed.GetChoice<Protocol>(protocol) != Protocol.Tutorial, CommandRun.Complain);
                return Run(upscaler, pairs, parsed.GetChoice<Protocol>(protocol), parsed.GetChoice<Border>(border), parsed.GetValue(maxPixels), parsed.GetValue(json), cancel);
            }
        });
        return command;
    }

    private static int Run(IUpscaler upscaler, IReadOnlyList<PicturePair> pairs, Protocol protocol, Border border, long maxPixels, bool json, CancellationToken cancel)
    {
        var measured = new List<(string Name, Quality Quality)>();
        int width = Math.Max(4, pairs.Max(p => p.Name.Length));
        string Row(string name, Quality q) => $"{name.PadRight(width)}  {q.Psnr,7:F3} dB  {q.Ssim:F4}{(q.TutorialPsnr is { } t ? $"  {t,7:F3} dB by the tutorial's formula" : "")}";
        var (exitCode, failures) = FileRun.Each([.. pairs.Select(p => p.Hr)], json, cancel, (i, progress) =>
        {
            // A grey picture counts as RGB with equal channels, so that its luma is made as everyone else's.
            var high = PictureFile.Load(pairs[i].Hr, maxPixels).ToRgb();
            var low = pairs[i].Lr is { } file ? PictureFile.Load(file, maxPixels).ToRgb()
                : protocol == Protocol.Tutorial ? Bilinear.Downscale(high, upscaler.Scale)
                : MatlabBicubic.Downscale(high, upscaler.Scale, border);
            measured.Add((pairs[i].Name, QualityMeter.Compare(upscaler.Upscale(low, progress, cancel), high, upscaler.Scale, protocol)));
            return Row(pairs[i].Name, measured[^1].Quality);
        });
        Quality? mean = measured.Count == 0 ? null : new Quality(
            measured.Average(m => m.Quality.Psnr),
            measured.Average(m => m.Quality.Ssim),
            protocol == Protocol.Tutorial ? measured.Average(m => m.Quality.TutorialPsnr) : null);
        if (json)
            JsonReport.Print(new JsonObject
            {
                ["images"] = new JsonArray([.. measured.Select(m => (JsonNode)Fields(m.Quality, new JsonObject { ["name"] = m.Name }))]),
                ["mean"] = mean is { } all ? Fields(all, []) : null,
                ["failures"] = failures,
            });
        else if (mean is { } all)
            Console.WriteLine(Row("mean", all));
        return exitCode;
    }

    private static JsonObject Fields(Quality quality, JsonObject target)
    {
        target["psnr"] = JsonReport.Number(quality.Psnr);
        target["ssim"] = JsonReport.Number(quality.Ssim);
        if (quality.TutorialPsnr is { } tutorial)
            target["tutorialPsnr"] = JsonReport.Number(tutorial);
        return target;
    }
}
