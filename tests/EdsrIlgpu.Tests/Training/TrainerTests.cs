using EdsrIlgpu.Data;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Data;
using EdsrIlgpu.Training;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Training;

public class TrainerTests
{
    private static readonly TrainingConfig Averaged = SmallRun.Config with { Ema = 0.9f };

    [Fact]
    public void The_loss_falls_and_every_step_counts()
    {
        using var run = new SmallRun(SmallRun.Config with { Rate = 0.01f });
        float[] losses = [.. Enumerable.Range(0, 30).Select(_ => run.Trainer.Step().Loss)];
        Assert.True(losses[^10..].Average() < 0.7 * losses[..5].Average(), string.Join(' ', losses));
        Assert.Equal((30, 30), (run.Trainer.StepsDone, run.Trainer.Updates));
    }

    [Fact]
    public void Equal_seeds_give_equal_weights_whatever_the_threads_and_others_do_not()
    {
        using SmallRun a = new(threads: 1), b = new(threads: 3), other = new(SmallRun.Config with { Seed = 2 });
        foreach (var run in (SmallRun[])[a, b, other])
            for (int i = 0; i < 10; i++)
                run.Trainer.Step();
        AssertEqual(a.State, b.State);
        Assert.NotEqual(a.State.Parameters, other.State.Parameters);
    }

    [Fact]
    public void A_trainer_restored_from_any_checkpoint_goes_on_to_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        using var whole = new SmallRun(Averaged);
        var files = new List<string>();
        for (int step = 0; step < 25; step++)
        {
            if (step is 0 or 1 or 9 or 24)
            {
                files.Add(folder.Path($"{step}"));
                whole.State.Write(files[^1]);
            }
            whole.Trainer.Step();
        }
        foreach (string file in files)
        {
            using var resumed = new SmallRun(Averaged);
            resumed.Trainer.Step();
            resumed.Trainer.Restore(Checkpoint.Read(file));
            while (resumed.Trainer.StepsDone < 25)
                resumed.Trainer.Step();
            AssertEqual(whole.State, resumed.State);
        }
    }

    [Fact]
    public void The_average_is_that_of_the_weights_and_is_what_the_model_has()
    {
        using var run = new SmallRun(Averaged);
        var average = run.State.Parameters.Select(w => (double)w).ToArray();
        for (int i = 0; i < 5; i++)
        {
            run.Trainer.Step();
            var w = run.State.Parameters;
            for (int j = 0; j < w.Length; j++)
                average[j] = 0.9f * average[j] + (1 - (double)0.9f) * w[j];
        }
        Assert.All(run.State.Average.Zip(average), pair => Assert.Equal(pair.Second, pair.First, 1e-6));
        Assert.NotEqual(run.State.Parameters, run.State.Average);
        using var plain = new SmallRun();
        for (int i = 0; i < 5; i++)
            plain.Trainer.Step();
        Assert.Equal(plain.State.Parameters, run.State.Parameters);
        Assert.NotEqual(plain.Trainer.Model().Parameters["head.0.weight"], run.Trainer.Model().Parameters["head.0.weight"]);
    }

    [Fact]
    public void A_bound_on_the_gradients_norm_scales_what_the_moments_see()
    {
        using SmallRun free = new(), bound = new(SmallRun.Config with { ClipNorm = 0.25f });
        var (a, b) = (free.Trainer.Step(), bound.Trainer.Step());
        Assert.Equal(a.GradientNorm, b.GradientNorm);
        Assert.True(a.GradientNorm > 1);
        double scale = 0.25 / a.GradientNorm;
        Assert.All(free.State.FirstMoments.Zip(bound.State.FirstMoments), m => Assert.Equal(m.First * scale, m.Second, 1e-5));
        Assert.Contains(bound.State.FirstMoments, m => Math.Abs(m) > 1e-3);
    }

    [Theory]
    [InlineData(float.NaN, "the loss is NaN")]
    [InlineData(1e6f, "over 100 times")]
    public void A_bad_batch_stops_the_trainer_before_it_does_harm(float factor, string reason)
    {
        using var run = new SmallRun(spoil: step => step == 5 ? factor : 1);
        for (int i = 0; i < 5; i++)
            run.Trainer.Step();
        var before = run.State;
        var problem = Assert.Throws<DivergenceException>(() => run.Trainer.Step());
        Assert.Contains("step 6", problem.Message);
        Assert.Contains(reason, problem.Message);
        AssertEqual(before, run.State);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(1e6f)]
    public void A_bad_batch_is_skipped_where_that_is_asked_for(float factor)
    {
        var config = SmallRun.Config with { OnDivergence = DivergenceAction.Skip };
        using var run = new SmallRun(config, step => step is 5 or 6 ? factor : 1);
        using var folder = new TemporaryFolder();
        for (int i = 0; i < 5; i++)
            Assert.Null(run.Trainer.Step().Skipped);
        var before = run.State;
        Assert.NotNull(run.Trainer.Step().Skipped);
        Assert.NotNull(run.Trainer.Step().Skipped);
        Assert.Equal(before.Parameters, run.State.Parameters);
        Assert.Equal(before.FirstMoments, run.State.FirstMoments);
        Assert.Equal((7, 5), (run.Trainer.StepsDone, run.Trainer.Updates));
        run.State.Write(folder.Path("c"));

        using var resumed = new SmallRun(config, step => step is 5 or 6 ? factor : 1);
        resumed.Trainer.Restore(Checkpoint.Read(folder.Path("c")));
        foreach (var each in (SmallRun[])[run, resumed])
            Assert.Null(each.Trainer.Step().Skipped);
        AssertEqual(run.State, resumed.State);
    }

    [Fact]
    public void A_hundred_bad_batches_in_a_row_stop_even_that()
    {
        using var run = new SmallRun(SmallRun.Config with { OnDivergence = DivergenceAction.Skip, Steps = 200 }, step => float.NaN);
        for (int i = 0; i < 99; i++)
            run.Trainer.Step();
        Assert.Contains("100 batches in a row", Assert.Throws<DivergenceException>(() => run.Trainer.Step()).Message);
    }

    [Fact]
    public void It_begins_with_a_given_model()
    {
        using var device = new Devices.HostComputeDevice(1);
        using var run = new SmallRun();
        var start = InitialWeights.Draw(SmallRun.Config.Network, 99);
        using var trainer = new Trainer(SmallRun.Config, new SpoiltBatches(null!, _ => 1), device, start);
        Assert.All(trainer.Model().Parameters, p => Assert.Equal(start.Parameters[p.Key], p.Value));
        Assert.Throws<ArgumentException>(() => new Trainer(SmallRun.Config, new SpoiltBatches(null!, _ => 1), device, InitialWeights.Draw(new EdsrConfig(2, 4, 2), 1)));
    }

    [Fact]
    public void Batches_of_other_sizes_are_refused_before_memory_beyond_them_is_read()
    {
        using var device = new Devices.HostComputeDevice(1);
        var pictures = TrainingPictures.Load(new PictureList(("a", SmallRun.Picture(48, 40, 1))), null, SmallRun.Config.Patches);
        using var sampler = new PatchSampler(pictures, SmallRun.Config.Network.Range);
        foreach (var config in (TrainingConfig[])[SmallRun.Config with { Patch = 9 }, SmallRun.Config with { Batch = 3 }, new(new EdsrConfig(1, 4, 3)) { Patch = 8, Batch = 2 }])
        {
            using var trainer = new Trainer(config, sampler, device);
            Assert.Contains("do not fit", Assert.Throws<ArgumentException>(() => trainer.Step()).Message);
        }
    }

    [Fact]
    public void A_checkpoint_of_another_network_is_refused()
    {
        using SmallRun run = new(), other = new(Averaged);
        Assert.Throws<EdsrException>(() => run.Trainer.Restore(other.State));
        Assert.Throws<EdsrException>(() => other.Trainer.Restore(run.State));
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_by_its_name()
    {
        using var folder = new TemporaryFolder();
        using var run = new SmallRun();
        run.State.Write(folder.Path("c"));
        byte[] whole = File.ReadAllBytes(folder.Path("c"));
        folder.Write("cut", whole[..^5]);
        folder.Write("text", "no checkpoint at all"u8.ToArray());
        ModelFile.Save(run.Trainer.Model(), folder.Path("model"));
        foreach (string name in (string[])["cut", "text", "model", "nowhere"])
            Assert.StartsWith(folder.Path(name), Assert.Throws<EdsrException>(() => Checkpoint.Read(folder.Path(name))).Message);
    }

    internal static void AssertEqual(Checkpoint a, Checkpoint b)
    {
        Assert.Equal((a.Step, a.Updates, a.SkippedInARow), (b.Step, b.Updates, b.SkippedInARow));
        Assert.Equal(a.Parameters, b.Parameters);
        Assert.Equal(a.FirstMoments, b.FirstMoments);
        Assert.Equal(a.SecondMoments, b.SecondMoments);
        Assert.Equal(a.Average, b.Average);
        Assert.Equal(a.RecentLosses, b.RecentLosses);
    }
}
