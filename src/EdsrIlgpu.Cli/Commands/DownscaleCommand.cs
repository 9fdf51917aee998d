using System.CommandLine;
using System.Text.Json.Nodes;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Data;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr downscale</c>: the low-resolution pictures of a benchmark, as MATLAB makes them, or of the tutorial.</summary>
internal static class DownscaleCommand
{
    public static Command Create()
    {
        var inputs = SharedOptions.Inputs();
        var output = new Option<string>("--output", "-o") { Description = "A folder; results are PNG files of the inputs' names.", HelpName = "DIR", Required = true };
        var scale = SharedOptions.Scale();
        scale.Description = "Factor.";
        scale.Required = true;
        var reduction = SharedOptions.Choice<Reduction>("--reduction", "bicubic: MATLAB's, as benchmarks are made. bilinear: the Python Imaging Library's, as the tutorial does; it needs no border.");
        var border = SharedOptions.BorderRule();
        var maxPixels = SharedOptions.MaxPixels();
        var json = SharedOptions.Json();
        var command = new Command("downscale", "Make pictures smaller by a whole factor, antialiased; sides are cut to a multiple of it first.")
        {
            inputs, output, scale, reduction, border, maxPixels, json,
        };
        command.Runs((parsed, cancel) =>
        {
            var files = PictureInputs.Find(parsed.GetRequiredValue(inputs));
            var results = OutputFiles.Plan(files, parsed.GetRequiredValue(output), folderOnly: true);
            int factor = parsed.GetRequiredValue(scale)!.Value;
            var rows = new JsonArray();
            using var folder = new OutputFolder(results[0]);
            var (exitCode, failures) = FileRun.Each(files, parsed.GetValue(json), cancel, (i, display) =>
            {
                var picture = PictureFile.Load(files[i], new ReadOptions { MaxPixels = parsed.GetValue(maxPixels), Tell = display.Complain });
                var result = parsed.GetChoice<Reduction>(reduction) == Reduction.Bilinear
                    ? Bilinear.Downscale(picture, factor)
                    : MatlabBicubic.Downscale(picture, factor, parsed.GetChoice<Border>(border));
                cancel.ThrowIfCancellationRequested();
                folder.Make();
                PictureFile.Save(result, results[i]);
                display.Report(1);
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
