using System.CommandLine;
using System.Text.Json.Nodes;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Cli.Training;
using EdsrIlgpu.Data;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Import;
using EdsrIlgpu.Metrics;
using EdsrIlgpu.Models;
using EdsrIlgpu.Resampling;
using EdsrIlgpu.Training;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr train</c>: a folder of pictures in, a model out.</summary>
internal static class TrainCommand
{
    public static Command Create()
    {
        var data = new DataOptions(folderIsArgument: false);
        var output = new Option<string>("--output", "-o") { Description = "The run's folder: settings, log, the best model, a checkpoint and a report.", HelpName = "RUN", Required = true };
        var val = new Option<string[]>("--val") { Description = "Pictures to validate with, as for eval --hr. If not given, some of the pictures are held out.", HelpName = "DIR|FILES", AllowMultipleArgumentsPerToken = true };
        var resume = new Option<bool>("--resume") { Description = "Continue the run that is in the folder, with its settings." };
        var device = SharedOptions.Device();
        var threads = SharedOptions.Threads();
        var json = SharedOptions.Json();
        var options = new TrainOptions(data);
        var command = new Command("train", "Train a model on a folder of pictures.") { output };
        data.AddTo(command);
        options.AddTo(command);
        foreach (Option option in (Option[])[val, resume, device, threads, json])
            command.Add(option);
        command.Runs((parsed, cancel) =>
        {
            string folder = parsed.GetRequiredValue(output);
            if (folder.Length == 0)
                throw new EdsrException("-o names nothing: give a folder for the run.");
            bool goesOn = parsed.GetValue(resume) || (options.ContinuesByItself(parsed) && RunFolder.HoldsRun(folder));
            if (!goesOn)
                RunFolder.RequireFree(folder);
            var begun = goesOn ? RunFolder.ReadConfig(folder) : null;
            bool starts = !(goesOn && RunFolder.HasCheckpoint(folder));
            var source = starts && options.Init(parsed) is { } init ? ModelImport.Load(init) : null;
            TrainingConfig Settings(int pictures) => options.Settings(parsed, begun, source?.Config, pictures);

            bool tellsMachines = parsed.GetValue(json);
            void Tell(string line) => (tellsMachines ? TextWriter.Null : Console.Out).WriteLine(line);
            var found = data.Find(parsed);
            // Not all of them may be of use; an epoch is then shorter.
            var draft = Settings(found.Count);
            // What can be refused is refused before thousands of pictures are decoded.
            var tests = parsed.GetValue(val) is { Length: > 0 } named ? PicturePair.Find(named, [], draft.Network.Scale, takeLrBeside: ProtocolOf(draft) != Protocol.Tutorial, CommandRun.Complain) : null;
            using var computeDevice = DeviceFactory.Open(parsed.GetRequiredValue(device), parsed.GetValue(threads));
            EdsrModel? start = null;
            if (starts && draft.Init is not null)
            {
                if (source is null)
                    throw new EdsrException($"The run in {folder} starts from {draft.Init} and was stopped before its first checkpoint: name the model again with --init.");
                (start, string told) = WarmStart.From(draft.Network, source, options.Init(parsed)!, draft.Seed);
                Tell(told);
            }

            var (pictures, validation) = ForValidation(data.Load(parsed, found, draft.Patches, cancel), tests, draft, data.MaxPixels(parsed));
            var config = Settings(pictures.Pairs.Count) with { Pictures = PictureFingerprint.Of(pictures), Validation = PictureFingerprint.Of(validation) };
            using var batches = new PatchSampler(pictures, config.Network.Range);
            using var trainer = new Trainer(config, batches, computeDevice, start);
            using var run = goesOn ? RunFolder.Continue(folder, config) : RunFolder.Begin(folder, config);
            Tell($"{config.NetworkText}, on {pictures.Pairs.Count} {(pictures.Pairs.Count == 1 ? "picture" : "pictures")}, {computeDevice.Name} ({computeDevice.Description})");
            Tell(config.ToString());

            string baseline = validation.Protocol == Protocol.Tutorial ? "bilinear" : "bicubic";
            var report = new TrainingReport(run, config, validation, baseline, computeDevice);
            bool finished = false, isLive = !tellsMachines && !Console.IsErrorRedirected;
            WorkDisplay.Run(isLive, 1, display =>
            {
                var shown = new TrainingDisplay(config, validation.Baseline, baseline, display, isLive);
                try
                {
                    finished = trainer.Run(run, validation, tellsMachines ? report : new ObserverList(shown, report), cancel);
                }
                catch (EdsrException problem) when (problem.InnerException is DivergenceException)
                {
                    // Its curves show how it came to that.
                    report.Write();
                    throw;
                }
            }, tellsTime: false);
            report.Write();
            if (tellsMachines)
                JsonReport.Print(new JsonObject { ["finished"] = finished, ["steps"] = trainer.StepsDone, ["bestStep"] = run.BestStep, ["bestPsnr"] = JsonReport.Number(run.BestPsnr), ["model"] = run.BestFile });
            if (!finished)
            {
                Console.Error.WriteLine($"edsr: stopped after step {trainer.StepsDone}; --resume continues.");
                return CommandRun.Cancelled;
            }
            Tell(FormattableString.Invariant($"{run.BestFile}: PSNR {run.BestPsnr:F3} dB, of step {run.BestStep}"));
            return CommandRun.Success;
        });
        return command;
    }

    private static Protocol ProtocolOf(TrainingConfig config) => config.Reduction == Reduction.Bilinear ? Protocol.Tutorial : Protocol.Y;

    /// <summary>The pictures that are trained on, and those that are not.</summary>
    /// <param name="pictures">All that could be trained on.</param>
    /// <param name="tests">What to validate with; null to hold some of the pictures out.</param>
    /// <param name="config">The run's settings.</param>
    /// <param name="maxPixels">Most pixels of a picture.</param>
    private static (TrainingPictures Pictures, ValidationSet Validation) ForValidation(TrainingPictures pictures, IReadOnlyList<PicturePair>? tests, TrainingConfig config, long maxPixels)
    {
        int scale = config.Network.Scale;
        var protocol = ProtocolOf(config);
        if (tests is not null)
            return (pictures, new ValidationSet(ReadAll(tests), scale, protocol));
        if (pictures.Pairs.Count < 2)
            throw new EdsrException("There is one picture, so none can be held out for validation: name others with --val.");
        (pictures, var held) = pictures.HoldOut(Math.Clamp(pictures.Pairs.Count / 20, 1, 10));
        return (pictures, new ValidationSet([.. held.Select(pair => new ValidationPicture(pair.Name, pair.Lr?.ToPicture() ?? Shrink(pair.Hr.ToPicture()), pair.Hr.ToPicture()))], scale, protocol));

        // One that cannot be used is left out, as one to train on is; a run that goes on is held to the same pictures.
        IReadOnlyList<ValidationPicture> ReadAll(IReadOnlyList<PicturePair> pairs)
        {
            var read = new List<ValidationPicture>();
            var problems = new List<string>();
            foreach (var pair in pairs)
                try
                {
                    read.Add(Read(pair));
                }
                catch (EdsrException problem)
                {
                    problems.Add(problem.Message);
                }
            if (read.Count == 0)
                throw new EdsrException(problems.Count == 1 ? problems[0] : $"None of {problems.Count} pictures can be validated with. The first: {problems[0]}");
            problems.ForEach(CommandRun.Complain);
            if (problems.Count > 0)
                CommandRun.Complain($"{problems.Count} of {pairs.Count} pictures to validate with are left out.");
            return read;
        }

        ValidationPicture Read(PicturePair pair)
        {
            var high = Load(pair.Hr);
            if (Math.Min(high.Width, high.Height) < scale)
                throw new EdsrException($"{pair.Hr}: {high.Width} × {high.Height} pixels are too few to validate with at scale {scale}: leave it out of --val.");
            return new ValidationPicture(pair.Name, pair.Lr is { } file ? Load(file) : Shrink(high), high);
        }

        // As pictures are trained on, those of 16 bits too; what is compared has 8.
        Picture Load(string file) => PictureFile.LoadForTraining(file, maxPixels).ToPicture().ToRgb();

        Picture Shrink(Picture high) => protocol == Protocol.Tutorial ? Bilinear.Downscale(high, scale) : MatlabBicubic.Downscale(high, scale);
    }
}
