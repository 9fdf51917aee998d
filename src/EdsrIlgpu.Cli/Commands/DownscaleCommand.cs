using System.CommandLine;
using System.Text.Json.Nodes;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr downscale</c>: the low-resolution pictures of a benchmark, as MATLAB makes them.</summary>
internal static class DownscaleCommand
{
    public static Command Create()
    {
        var inputs = SharedOptions.Inputs();
        var output = new Option<string>("--output", "-o") { Description = "A folder; results are PNG files of the inputs' names.", HelpName = "DIR", Required = true };
        var scale = SharedOptions.Scale();
        scale.Description = "Factor.";
        scale.Required = true;
        var border = SharedOptions.BorderRule();
        var maxPixels = SharedOptions.MaxPixels();
        var json = SharedOptions.Json();
        var command = new Command("downscale", "Make pictures smaller by MATLAB's antialiased bicubic, as benchmarks do; sides are cut to a multiple of the factor first.")
        {
            inputs, output, scale, border, maxPixels, json,
        };
        command.Runs((parsed, cancel) =>
        {
            var files = PictureInputs.Find(parsed.GetRequiredValue(inputs));
            var results = OutputFiles.Plan(files, parsed.GetRequiredValue(output), folderOnly: true);
            int factor = parsed.GetRequiredValue(scale)!.Value;
            var rows = new JsonArray();
            using var folder = new OutputFolder(results[0]);
            var (exitCode, failures) = FileRun.Each(files, parsed.GetValue(json), cancel, (i, progress) =>
            {
                var picture = PictureFile.Load(files[i], parsed.GetValue(maxPixels));
                var result = MatlabBicubic.Downscale(picture, factor, parsed.GetChoice<Border>(border));
                cancel.ThrowIfCancellationRequested();
                folder.Make();
                PictureFile.Save(result, results[i]);
                progress.Report(1);
                rows.Add(new JsonObject { ["input"] = files[i], ["output"] = results[i], ["width"] = result.Width, ["height"] = result.Height });
                return $"{files[i]} {picture.Width}×{picture.Height} → {results[i]} {result.Width}×{result.Height}";
            });
            if (parsed.GetValue(json))
                JsonReport.Print(new JsonObject { ["scale"] = factor, ["images"] = rows, ["failures"] = failures });
            return exitCode;
        });
        return command;
    }
}
