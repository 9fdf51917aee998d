using EdsrIlgpu.Metrics;
using EdsrIlgpu.Training;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Training;

/// <summary>Whole runs with their folder, in this process.</summary>
public class TrainingRunTests
{
    [Fact]
    public void A_run_leaves_its_settings_its_log_its_best_network_and_a_checkpoint()
    {
        using var folder = new TemporaryFolder();
        var seen = new Observer();
        using var run = new SmallRun();
        Assert.True(Train(run, folder.Path("run"), seen));
        Assert.Equal(["best.safetensors", "config.json", "last", "log.jsonl"], Directory.EnumerateFileSystemEntries(folder.Path("run")).Select(Path.GetFileName).Order(StringComparer.Ordinal)!);
        Assert.Equal(Enumerable.Range(1, 30).Select(s => (long)s), seen.Steps);
        Assert.Equal([10, 20, 30], seen.Validations.Select(v => v.Step));
        string[] log = File.ReadAllLines(folder.Path("run/log.jsonl"));
        Assert.Equal(33, log.Length);
        Assert.Contains("\"rate\":0.0005", log[^2]);
        Assert.StartsWith("{\"step\":30,\"psnr\":", log[^1]);

        var best = seen.Validations.MaxBy(v => v.Mean.Psnr)!;
        var model = ModelFile.Load(folder.Path("run/best.safetensors"));
        Assert.Equal(best.Step.ToString(), model.Metadata["step"]);
        Assert.Equal(SmallRun.Config.ToString(), model.Metadata["recipe"]);
        // The network in the file is the one that was validated.
        Assert.Equal(best.Mean, run.Validation.Measure(model, run.Device, best.Step).Mean);
        Assert.Equal(best.Mean.Psnr.ToString("F3"), model.Metadata["psnr"]);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(10)]
    [InlineData(14)]
    [InlineData(29)]
    public void A_run_that_breaks_off_anywhere_ends_with_the_bytes_of_one_that_did_not(int step)
    {
        using var folder = new TemporaryFolder();
        using (var whole = new SmallRun())
            Assert.True(Train(whole, folder.Path("whole")));
        using (var broken = new SmallRun())
            Assert.Throws<InvalidOperationException>(() => Train(broken, folder.Path("broken"), new Observer(at => { if (at == step) throw new InvalidOperationException(); })));
        // What a kill in the middle of a write leaves beside.
        File.WriteAllText(folder.Path("broken/.x.part"), "half");
        File.WriteAllText(folder.Path("broken/last/.y.part"), "half");
        using (var resumed = new SmallRun())
            Assert.True(Train(resumed, folder.Path("broken"), goesOn: true));
        AssertSameFolders(folder.Path("whole"), folder.Path("broken"));
    }

    [Fact]
    public void A_cancelled_run_has_a_checkpoint_of_its_step_and_goes_on_to_the_same_bytes()
    {
        using var folder = new TemporaryFolder();
        using (var whole = new SmallRun())
            Train(whole, folder.Path("whole"));
        foreach (int step in (int[])[10, 17])
        {
            using var cancel = new CancellationTokenSource();
            using (var broken = new SmallRun())
                Assert.False(Train(broken, folder.Path("broken"), new Observer(at => { if (at == step) cancel.Cancel(); }), goesOn: step > 10, cancel: cancel.Token));
            Assert.Equal(step, Checkpoint.Read(folder.Path("broken/last/checkpoint.safetensors")).Step);
        }
        using (var resumed = new SmallRun())
            Assert.True(Train(resumed, folder.Path("broken"), goesOn: true));
        AssertSameFolders(folder.Path("whole"), folder.Path("broken"));
    }

    [Fact]
    public void A_run_that_is_finished_can_be_made_longer()
    {
        using var folder = new TemporaryFolder();
        using (var whole = new SmallRun())
            Train(whole, folder.Path("whole"));
        using (var first = new SmallRun(SmallRun.Config with { Steps = 20 }))
            Train(first, folder.Path("longer"));
        using (var second = new SmallRun())
            Assert.True(Train(second, folder.Path("longer"), goesOn: true));
        AssertSameFolders(folder.Path("whole"), folder.Path("longer"));
    }

    [Fact]
    public void A_diverging_run_keeps_its_last_good_checkpoint()
    {
        using var folder = new TemporaryFolder();
        using var run = new SmallRun(spoil: step => step >= 17 ? float.NaN : 1);
        var problem = Assert.Throws<EdsrException>(() => Train(run, folder.Path("run")));
        Assert.Contains("diverged at step 18", problem.Message);
        Assert.Contains("of step 14", problem.Message);
        Assert.Equal(14, Checkpoint.Read(folder.Path("run/last/checkpoint.safetensors")).Step);
    }

    [Fact]
    public void Weights_that_explode_are_not_written_over_good_ones()
    {
        using var folder = new TemporaryFolder();
        // The checkpoint of step 14 is due when what follows is seen to explode.
        using var run = new SmallRun(spoil: step => step >= 14 ? 1e6f : 1);
        Assert.Contains("of step 7", Assert.Throws<EdsrException>(() => Train(run, folder.Path("run"))).Message);
    }

    [Fact]
    public void A_run_that_stopped_can_skip_what_stopped_it_as_if_it_had_from_the_beginning()
    {
        using var folder = new TemporaryFolder();
        var skips = SmallRun.Config with { OnDivergence = DivergenceAction.Skip };
        static float Spoil(long step) => step is 14 or 16 ? float.NaN : 1;
        using (var whole = new SmallRun(skips, Spoil))
            Assert.True(Train(whole, folder.Path("whole")));
        using (var stopped = new SmallRun(spoil: Spoil))
            Assert.Contains("--on-divergence skip", Assert.Throws<EdsrException>(() => Train(stopped, folder.Path("resumed"))).Message);
        using (var resumed = new SmallRun(skips, Spoil))
            Assert.True(Train(resumed, folder.Path("resumed"), goesOn: true));
        AssertSameFolders(folder.Path("whole"), folder.Path("resumed"));
        // What was skipped cannot be made undone.
        Assert.Contains("onDivergence", Assert.Throws<EdsrException>(() => RunFolder.Continue(folder.Path("resumed"), SmallRun.Config)).Message);
    }

    [Fact]
    public void A_run_goes_on_with_the_pictures_that_it_is_validated_with()
    {
        using var folder = new TemporaryFolder();
        RunFolder.Begin(folder.Path("run"), SmallRun.Config with { Validation = "1, ab" }).Dispose();
        RunFolder.Continue(folder.Path("run"), SmallRun.Config with { Validation = "1, ab" }).Dispose();
        Assert.Contains("other pictures to train on", Assert.Throws<EdsrException>(() => RunFolder.Continue(folder.Path("run"), SmallRun.Config with { Validation = "1, ab", Pictures = "2, ef" })).Message);
        Assert.Contains("other pictures to validate with", Assert.Throws<EdsrException>(() => RunFolder.Continue(folder.Path("run"), SmallRun.Config with { Validation = "1, cd" })).Message);
        // Of a run that began without looking nothing is known.
        RunFolder.Begin(folder.Path("old"), SmallRun.Config).Dispose();
        RunFolder.Continue(folder.Path("old"), SmallRun.Config with { Validation = "1, cd" }).Dispose();
    }

    [Fact]
    public void A_folder_is_refused_with_a_reason()
    {
        using var folder = new TemporaryFolder();
        using (RunFolder.Begin(folder.Path("run"), SmallRun.Config))
            Assert.Contains("Another process", Assert.Throws<EdsrException>(() => RunFolder.Continue(folder.Path("run"), SmallRun.Config)).Message);
        Assert.Contains("--resume", Assert.Throws<EdsrException>(() => RunFolder.Begin(folder.Path("run"), SmallRun.Config)).Message);
        Assert.Contains("no run", Assert.Throws<EdsrException>(() => RunFolder.Continue(folder.Path("nowhere"), SmallRun.Config)).Message);
        Directory.CreateDirectory(folder.Path("full"));
        File.WriteAllText(folder.Path("full/thesis.tex"), "");
        Assert.Contains("other files", Assert.Throws<EdsrException>(() => RunFolder.Begin(folder.Path("full"), SmallRun.Config)).Message);
        Assert.Contains("is a file", Assert.Throws<EdsrException>(() => RunFolder.Begin(folder.Path("full/thesis.tex"), SmallRun.Config)).Message);
        Assert.Contains("batch 2, not 3; seed 1, not 5", Assert.Throws<EdsrException>(() => RunFolder.Continue(folder.Path("run"), SmallRun.Config with { Batch = 3, Seed = 5 })).Message);
        Assert.Contains("steps 30, not 20", Assert.Throws<EdsrException>(() => RunFolder.Continue(folder.Path("run"), SmallRun.Config with { Steps = 20 })).Message);
        File.WriteAllText(folder.Path("run/config.json"), "{");
        Assert.Contains("config.json", Assert.Throws<EdsrException>(() => RunFolder.Continue(folder.Path("run"), SmallRun.Config)).Message);
    }

    [Fact]
    public void A_log_that_lacks_steps_is_refused()
    {
        using var folder = new TemporaryFolder();
        using (var run = new SmallRun())
            Train(run, folder.Path("run"));
        File.WriteAllText(folder.Path("run/log.jsonl"), "");
        using var again = new SmallRun();
        Assert.Contains("shorter", Assert.Throws<EdsrException>(() => Train(again, folder.Path("run"), goesOn: true)).Message);
    }

    [Fact]
    public void Validation_needs_pictures_that_can_be_judged()
    {
        Assert.Contains("no pictures", Assert.Throws<EdsrException>(() => new ValidationSet([], 2, Protocol.Y)).Message);
        Assert.Contains("tiny cannot be validated with", Assert.Throws<EdsrException>(() => new ValidationSet([new ValidationPicture("tiny", new Picture(4, 4, 3), new Picture(8, 8, 3))], 2, Protocol.Y)).Message);
    }

    private static bool Train(SmallRun run, string folder, ITrainingObserver? observer = null, bool goesOn = false, CancellationToken cancel = default)
    {
        using var files = goesOn ? RunFolder.Continue(folder, run.Trainer.Config) : RunFolder.Begin(folder, run.Trainer.Config);
        return run.Trainer.Run(files, run.Validation, observer, cancel);
    }

    private static void AssertSameFolders(string expected, string actual)
    {
        var files = Files(expected);
        Assert.Equal(files, Files(actual));
        Assert.Contains("best.safetensors", files);
        Assert.All(files, name => Assert.Equal(File.ReadAllBytes(Path.Combine(expected, name)), File.ReadAllBytes(Path.Combine(actual, name))));

        static string[] Files(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(folder, f)).Order(StringComparer.Ordinal)];
    }

    private sealed class Observer(Action<long>? stepped = null) : ITrainingObserver
    {
        public List<long> Steps { get; } = [];

        public List<ValidationResult> Validations { get; } = [];

        public void Stepped(StepResult result)
        {
            Steps.Add(result.Step);
            stepped?.Invoke(result.Step);
        }

        public void Validated(ValidationResult result, bool isBest) => Validations.Add(result);
    }
}
