using System.Diagnostics;
using System.Text.RegularExpressions;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Training;
using EdsrIlgpu.Training;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Cli;

public class TrainCommandTests
{
    private static readonly string Samples = Path.Combine(TestData.Repository, "samples", "pictures");

    /// <summary>A network that trains in no time.</summary>
    internal static readonly string[] Tiny = ["--blocks", "1", "--features", "4", "--patch", "8", "--batch", "2", "--device", "host"];

    [Fact]
    public void A_run_leaves_a_model_that_upscales_and_a_page_that_needs_nothing_beside_it()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 4);
        string told = tool.Run(["train", "--data", "data", "--scale", "3", "-o", "run", .. Tiny, "--steps", "40", "--validate-every", "20"]).AssertSuccess().Output;
        Assert.Contains("EDSR ×3, 1 block of 4, on 3 pictures, host", told);
        Assert.Contains("step 40/40", told);
        Assert.Contains("step 20: PSNR", told);
        Assert.Equal(
            ["run/best.safetensors", "run/config.json", "run/last/checkpoint.safetensors", "run/log.jsonl", "run/report.html"],
            tool.Files.Where(f => f.StartsWith("run", StringComparison.Ordinal)));
        Assert.Equal(42, File.ReadAllLines(tool["run/log.jsonl"]).Length);

        string page = File.ReadAllText(tool["run/report.html"]);
        Assert.Equal(4, Regex.Count(page, "<polyline "));
        Assert.Equal(4, Regex.Count(page, "<img [^>]*src=\"data:image/png;base64,[A-Za-z0-9+/=]+\""));
        Assert.DoesNotMatch("(https?:)?//|<script|<link rel=\"stylesheet|NaN|∞", Regex.Replace(page, "base64,[^\"]*", ""));

        tool.Run("upscale", "data/0.png", "-o", "big.png", "--model", "run/best.safetensors").AssertSuccess();
        Assert.Equal(3 * 48, PictureFile.Load(tool["big.png"]).Width);
        string info = tool.Run("info", "run/best.safetensors").AssertSuccess().Output;
        Assert.Contains("recipe: L1, Adam 0.0001", info);
    }

    [Fact]
    public void Equal_runs_give_equal_bytes_whatever_the_threads()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        foreach (string threads in (string[])["1", "2"])
            tool.Run(["train", "--data", "data", "-o", $"run{threads}", .. Tiny, "--steps", "30", "--threads", threads, "--ema", "0.9", "--degrade", "noise"]).AssertSuccess();
        AssertSameRuns(tool["run1"], tool["run2"]);
    }

    [Fact]
    public void A_run_killed_at_three_random_moments_ends_with_the_bytes_of_one_that_was_not()
    {
        using var tool = new EdsrTool();
        string[] arguments = ["train", "--data", Samples, "--val", Path.Combine(Samples, "text_HR.png"), .. Tiny, "--steps", "900", "--validate-every", "300", "--checkpoint-every", "20", "--lr", "1e-3"];
        tool.Run([.. arguments, "-o", "whole"]).AssertSuccess();
        // Far from the end: who looks for them may have to wait for a processor.
        int[] moments = [.. Enumerable.Range(0, 3).Select(_ => Random.Shared.Next(1, 500)).Order()];
        for (int i = 0; i < moments.Length; i++)
        {
            using var process = tool.Start([], [.. arguments, "-o", "killed", .. i == 0 ? (string[])[] : ["--resume"]]);
            _ = process.StandardOutput.ReadToEndAsync();
            while (!process.HasExited && Steps(tool["killed/log.jsonl"]) < moments[i])
                Thread.Sleep(1);
            process.Kill();
            process.WaitForExit();
            Assert.Equal(137, process.ExitCode);
        }
        tool.Run([.. arguments, "-o", "killed", "--resume"]).AssertSuccess();
        AssertSameRuns(tool["whole"], tool["killed"], $"killed after steps {string.Join(", ", moments)}");

        static int Steps(string log)
        {
            if (!File.Exists(log))
                return -1;
            // The line being written may be cut off: the one before it counts.
            string[] lines = File.ReadAllText(log).Split('\n');
            return lines.Length < 2 ? 0 : int.Parse(Regex.Match(lines[^2], "\"step\":([0-9]+)").Groups[1].Value);
        }
    }

    [Fact]
    public void Ctrl_c_writes_a_checkpoint_and_the_run_goes_on_from_there()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Signals are sent by kill here.");
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        string[] arguments = ["train", "--data", "data", "-o", "run", .. Tiny, "--steps", "1000000", "--validate-every", "1000000", "--checkpoint-every", "1000000"];
        // Whoever runs the tests may have had SIGINT ignored.
        var process = tool.Start(["env", "--default-signal=INT"], arguments);
        while (!process.HasExited && !(File.Exists(tool["run/log.jsonl"]) && new FileInfo(tool["run/log.jsonl"]).Length > 1000))
            Thread.Sleep(1);
        Process.Start("kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var stopped = EdsrTool.Finish(process);
        Assert.Equal(130, stopped.ExitCode);
        long step = Checkpoint.Read(tool["run/last/checkpoint.safetensors"]).Step;
        Assert.True(step > 10);
        Assert.Equal($"edsr: stopped after step {step}; --resume continues.\n", stopped.Error);
        Assert.Equal(step, File.ReadAllLines(tool["run/log.jsonl"]).Length);
        Assert.False(File.Exists(tool["run/.lock"]));
        Assert.Contains("steps 1000000, not 20", tool.Run(["train", "--data", "data", "-o", "run", "--resume", "--steps", "20"]).Error);
    }

    [Fact]
    public void An_epoch_is_that_of_all_pictures_wherever_settings_are_judged()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 5);
        // Two batches of two are four pictures' epoch, one is a single picture's: 12 steps of warm-up are less than all.
        Assert.Contains("warm-up 12, 20 steps", tool.Run(["train", "--data", "data", "-o", "run", .. Tiny, "--epochs", "10", "--warmup", "12"]).AssertSuccess().Output);
        tool.Run(["train", "--data", "data", "-o", "other", .. Tiny, "--epochs", "10", "--warmup", "20"]).AssertOneLine("warm-up is 20", "20 steps");
    }

    [Fact]
    public void Validation_takes_16_bits_too_and_pictures_in_which_nothing_is_to_be_seen()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        using (var words = (NetVips.Image.Black(40, 36, 3) + 30_000).Cast(NetVips.Enums.BandFormat.Ushort).Copy(interpretation: NetVips.Enums.Interpretation.Rgb16))
            words.Pngsave(tool["flat.png"]);
        string[] arguments = ["train", "--data", "data", "-o", "run", .. Tiny, "--steps", "2"];
        tool.Run([.. arguments, "--val", "flat.png"]).AssertSuccess();
        Assert.DoesNotMatch("NaN|∞", Regex.Replace(File.ReadAllText(tool["run/report.html"]), "base64,[^\"]*", ""));
        // Another picture would be another measure of what is best.
        tool.Run([.. arguments, "--resume", "--val", "data/1.png"]).AssertOneLine("other pictures to validate with", "--val");
    }

    [Fact]
    public void The_tutorial_goes_on_by_itself_and_prints_its_own_formula()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 4);
        string[] arguments = ["train", "--preset", "tutorial", "--data", "data", "-o", "run", .. Tiny, "--lr", "1e-3"];
        string first = tool.Run([.. arguments, "--epochs", "4"]).AssertSuccess().Output;
        // Two batches of two are three pictures' epoch.
        Assert.Contains("MSE, Adam 0.001 ×0.99 every 2, 8 steps of 2 patches of 8×8", first);
        Assert.Contains("1 tied block of 4", first);
        var figures = Regex.Match(first, @"PSNR ([0-9.]+) dB.*, ([0-9.]+) dB by the tutorial's formula");
        Assert.Equal(20 * Math.Log10(2), double.Parse(figures.Groups[1].Value) - double.Parse(figures.Groups[2].Value), 0.002);
        tool.Run([.. arguments, "--epochs", "6"]).AssertSuccess();
        Assert.Equal(Enumerable.Range(1, 12), File.ReadAllLines(tool["run/log.jsonl"]).Where(l => l.Contains("loss")).Select(l => int.Parse(Regex.Match(l, "[0-9]+").Value)));
    }

    [Fact]
    public void Another_scale_starts_from_a_model_and_says_what_it_takes()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        var model = InitialWeights.Draw(new EdsrConfig(1, 4, 2), 5);
        ModelFile.Save(model, tool["x2.safetensors"]);
        string[] arguments = ["train", "--data", "data", "--scale", "4", "-o", "run", .. Tiny, "--steps", "1", "--lr", "1e-9"];
        string told = tool.Run([.. arguments, "--init", "x2.safetensors"]).AssertSuccess().Output;
        Assert.Contains("Head and body are those of x2.safetensors", told);
        var best = ModelFile.Load(tool["run/best.safetensors"]);
        Assert.All(model.Parameters["head.0.weight"].Zip(best.Parameters["head.0.weight"]), w => Assert.Equal(w.First, w.Second, 1e-6f));
        Assert.Equal("x2.safetensors", best.Metadata["initialised_from"]);

        // As if it had been killed before its first checkpoint.
        File.Delete(tool["run/last/checkpoint.safetensors"]);
        tool.Run([.. arguments, "--resume"]).AssertOneLine("x2.safetensors", "--init");
        Assert.Contains("Head and body", tool.Run([.. arguments, "--resume", "--init", "x2.safetensors"]).AssertSuccess().Output);
        Assert.All(best.Parameters, p => Assert.Equal(p.Value, ModelFile.Load(tool["run/best.safetensors"]).Parameters[p.Key]));
    }

    [Fact]
    public void A_model_of_any_kind_is_trained_on_without_saying_what_it_is()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        var config = new EdsrConfig(1, 4, 2) { Range = PixelRange.Unit, ResidualScale = 0.3f, TiedBlocks = true, GlobalSkip = false };
        ModelFile.Save(InitialWeights.Draw(config, 5), tool["theirs.safetensors"]);
        string told = tool.Run("train", "--data", "data", "-o", "run", "--init", "theirs.safetensors", "--patch", "8", "--batch", "2", "--steps", "1", "--device", "host").AssertSuccess().Output;
        Assert.Contains("All weights are those of theirs.safetensors", told);
        Assert.Equal(config, ModelFile.Load(tool["run/best.safetensors"]).Config);
    }

    [Fact]
    public void Pictures_that_cannot_be_used_are_named_and_counted()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        File.WriteAllText(tool["data/text.png"], "no picture");
        PictureFile.Save(TestPictures.Noise(12, 40, 3, seed: 1), tool["data/small.png"]);
        var run = tool.Run(["train", "--data", "data", "-o", "run", .. Tiny, "--steps", "2", "--json"]);
        Assert.Equal(0, run.ExitCode);
        string[] lines = run.Error.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains("small.png", lines[0]);
        Assert.Contains("12 × 40", lines[0]);
        Assert.Contains("text.png", lines[1]);
        Assert.Contains("2 of 5", lines[2]);
        Assert.Equal(2, (int)run.Json["steps"]!);
        Assert.True((bool)run.Json["finished"]!);
    }

    [Fact]
    public void Pictures_to_validate_with_that_cannot_be_used_are_named_and_left_out()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 2);
        PictureFile.Save(SmallRun.Picture(48, 40, 7).ToPicture(), tool["good.png"]);
        byte[] good = File.ReadAllBytes(tool["good.png"]);
        File.WriteAllBytes(tool["cut.png"], good[..(good.Length / 2)]);
        string[] arguments = ["train", "--data", "data", .. Tiny, "--steps", "2", "--json"];
        var run = tool.Run([.. arguments, "-o", "run", "--val", "good.png", "cut.png"]);
        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"^edsr: cut\.png cannot be decoded[^\n]*\nedsr: 1 of 2 pictures to validate with are left out\.\n$", run.Error);
        tool.Run([.. arguments, "-o", "none", "--val", "cut.png"]).AssertOneLine("cut.png", "cannot be decoded");
        Assert.False(Directory.Exists(tool["none"]));
    }

    [Fact]
    public void A_loss_that_explodes_stops_the_run_or_is_skipped()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        string[] arguments = ["train", "--data", "data", .. Tiny, "--steps", "300", "--lr", "1e7"];
        tool.Run([.. arguments, "-o", "stopped"]).AssertOneLine("diverged at step", "The last good checkpoint, of step 0, is kept");
        Assert.Equal(0, Checkpoint.Read(tool["stopped/last/checkpoint.safetensors"]).Step);
        Assert.Contains("<h2>Loss</h2>", File.ReadAllText(tool["stopped/report.html"]));
        var skipping = tool.Run([.. arguments, "-o", "skipping", "--on-divergence", "skip"]);
        Assert.Equal(1, skipping.ExitCode);
        Assert.Contains("step 2 skipped", skipping.Error);
        Assert.Contains("100 batches in a row", skipping.Error);
        // Nor is a network that the first step has ruined a result, where the run ends before so many are skipped.
        var ruined = tool.Run([.. arguments.Select(a => a == "300" ? "3" : a), "-o", "ruined", "--on-divergence", "skip"]);
        Assert.Equal(1, ruined.ExitCode);
        Assert.Contains("as in the batches that were skipped before", ruined.Error);
        Assert.False(File.Exists(tool["ruined/best.safetensors"]));
    }

    [Fact]
    public void A_full_disk_is_one_line_and_the_checkpoint_stays_whole()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "A small disk is mounted by unshare and mount here.");
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        Directory.CreateDirectory(tool["disk"]);
        // A disk of 64 KiB in a name space of its own, which is gone with the process; what is left is copied out of it.
        string[] small = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=64k tmpfs disk || exit 99; \"$@\"; code=$?; cp -r disk/run kept; exit $code", "sh"];
        var run = EdsrTool.Finish(tool.Start(small, ["train", "--data", "data", "-o", "disk/run", .. Tiny, "--steps", "3000", "--checkpoint-every", "10", "--validate-every", "3000"]));
        Assert.SkipWhen(run.ExitCode == 99 || run.Error.Contains("unshare"), $"No disk can be mounted here: {run.Error}");
        run.AssertOneLine("Cannot write disk/run/");
        Assert.Equal(0, Checkpoint.Read(tool["kept/last/checkpoint.safetensors"]).Step % 10);
        Assert.DoesNotContain(Directory.EnumerateFiles(tool["kept"], "*", SearchOption.AllDirectories), f => f.EndsWith(".part"));
    }

    /// <summary>Soft pictures of 48 × 40 in the folder data.</summary>
    internal static void Pictures(EdsrTool tool, int count)
    {
        Directory.CreateDirectory(tool["data"]);
        for (int i = 0; i < count; i++)
            PictureFile.Save(SmallRun.Picture(48, 40, i).ToPicture(), tool[$"data/{i}.png"]);
    }

    private static void AssertSameRuns(string expected, string actual, string? what = null)
    {
        foreach (string name in (string[])["best.safetensors", "last/checkpoint.safetensors", "log.jsonl", "config.json", "report.html"])
            Assert.True(File.ReadAllBytes(Path.Combine(expected, name)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(actual, name))), $"{name} differs. {what}");
    }
}
