using System.CommandLine;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Data;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr patches</c>: a batch as a network that is trained gets it.</summary>
internal static class PatchesCommand
{
    public static Command Create()
    {
        var data = new DataOptions(folderIsArgument: true);
        var output = new Option<string>("--output", "-o") { Description = "The picture to write: each LR patch, enlarged without smoothing, beside its HR patch.", HelpName = "FILE", Required = true };
        var step = new Option<long>("--step") { Description = "Number of the batch, from 0.", HelpName = "N", CustomParser = result => SharedOptions.WholeNumber(result, "--step", 0, long.MaxValue) };
        var command = new Command("patches", "Show the patches that a network is trained on, LR beside HR.");
        data.AddTo(command);
        command.Add(output);
        command.Add(step);
        command.Runs((parsed, cancel) =>
        {
            string file = parsed.GetRequiredValue(output);
            PictureFile.RequireWritable(file);
            var folder = data.Find(parsed);
            if (data.Files(parsed, folder).Select(RealPath.Find).Contains(RealPath.Of(file)))
                throw new EdsrException($"{file} is an input and would be overwritten: write elsewhere.");
            var options = data.Read(parsed, new PatchOptions(2));
            var pictures = data.Load(parsed, folder, options, cancel);
            // What a network makes of its range and back changes nothing.
            using var sampler = new PatchSampler(pictures, PixelRange.EdsrPyTorch);
            var sheet = PatchSheet.Compose(sampler.Show(parsed.GetValue(step)), options.Scale);
            cancel.ThrowIfCancellationRequested();
            PictureFile.Save(sheet, file);
            Console.WriteLine($"{file}: batch {parsed.GetValue(step)}, {options.Batch} patches of {options.Patch}×{options.Patch} and {options.HrPatch}×{options.HrPatch} from {pictures.Pairs.Count} pictures");
            return CommandRun.Success;
        });
        return command;
    }
}
