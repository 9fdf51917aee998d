using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Nodes;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr upscale</c>: pictures in, larger pictures out.</summary>
internal static class UpscaleCommand
{
    public static Command Create()
    {
        var inputs = SharedOptions.Inputs();
        var output = new Option<string>("--output", "-o") { Description = "A file for one picture (png, jpg, webp, tif), or a folder, where results are PNG files of the inputs' names.", HelpName = "FILE|DIR", Required = true };
        var model = SharedOptions.Model();
        var scale = SharedOptions.Scale();
        var device = SharedOptions.Device();
        var threads = SharedOptions.Threads();
        var maxPixels = SharedOptions.MaxPixels();
        var tolerant = new Option<bool>("--tolerant") { Description = "Read damaged PNG, JPEG and TIFF files as far as they go, and say what is missing: it becomes grey. Else they are refused." };
        var json = SharedOptions.Json();
        var command = new Command("upscale", "Make pictures larger.") { inputs, output, model, scale, device, threads, maxPixels, tolerant, json };
        command.Runs((parsed, cancel) =>
        {
            var files = PictureInputs.Find(parsed.GetRequiredValue(inputs));
            var results = OutputFiles.Plan(files, parsed.GetRequiredValue(output));
            var (upscaler, computeDevice) = UpscalerFactory.Open(parsed.GetValue(model), parsed.GetValue(scale), parsed.GetRequiredValue(device), parsed.GetValue(threads));
            using (computeDevice)
            using (upscaler)
                return Run(upscaler, computeDevice?.Name, files, results, new ReadOptions { MaxPixels = parsed.GetValue(maxPixels), IsTolerant = parsed.GetValue(tolerant) }, parsed.GetValue(json), cancel);
        });
        return command;
    }

    private static int Run(IUpscaler upscaler, string? device, IReadOnlyList<string> inputs, IReadOnlyList<string> outputs, ReadOptions reading, bool json, CancellationToken cancel)
    {
        var rows = new JsonArray();
        using var folder = new OutputFolder(outputs[0]);
        var (exitCode, failures) = FileRun.Each(inputs, json, cancel, (i, display) =>
        {
            var watch = Stopwatch.StartNew();
            // Of what cannot be written, nothing is decoded.
            var (width, height) = PictureFile.ReadInfo(inputs[i], reading.MaxPixels).SizeTimes(upscaler.Scale);
            folder.Make();
            PictureFile.RequireWritable(outputs[i], width, height, transparent: false);
            var notes = new JsonArray();
            var picture = PictureFile.Load(inputs[i], reading with
            {
                Tell = note =>
                {
                    notes.Add(note);
                    display.Complain(note);
                },
            });
            PictureFile.RequireWritable(outputs[i], width, height, transparent: !picture.IsOpaque);
            var result = upscaler.Upscale(picture, display, cancel);
            cancel.ThrowIfCancellationRequested();
            PictureFile.Save(result, outputs[i]);
            rows.Add(new JsonObject
            {
                ["input"] = inputs[i],
                ["output"] = outputs[i],
                ["width"] = result.Width,
                ["height"] = result.Height,
                ["notes"] = notes,
                ["seconds"] = Math.Round(watch.Elapsed.TotalSeconds, 3),
            });
            return $"{inputs[i]} {picture.Width}×{picture.Height} → {outputs[i]} {result.Width}×{result.Height}, {watch.Elapsed.TotalSeconds:F2} s{(device is null ? "" : $" on {device}")}";
        });
        if (json)
            JsonReport.Print(new JsonObject { ["scale"] = upscaler.Scale, ["device"] = device, ["images"] = rows, ["failures"] = failures });
        return exitCode;
    }
}
