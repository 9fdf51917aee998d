using EdsrIlgpu.Data;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;
using EdsrIlgpu.Training;

namespace EdsrIlgpu.Tests.Training;

public class TrainingConfigTests
{
    private static readonly TrainingConfig Unusual = new(new EdsrConfig(2, 8, 3) { ResidualScale = 0.1f, TiedBlocks = true, GlobalSkip = false, Channels = 1, Range = PixelRange.Unit })
    {
        Loss = LossFunction.Mse,
        Steps = 12,
        Batch = 3,
        Patch = 5,
        Rate = 0.1f,
        Schedule = RateSchedule.Step,
        Milestones = [7],
        Gamma = 0.123456789,
        Warmup = 2,
        Ema = 0.999f,
        ClipNorm = 0.5f,
        OnDivergence = DivergenceAction.Skip,
        Seed = ulong.MaxValue,
        ValidateEvery = 4,
        CheckpointEvery = 5,
        Reduction = Reduction.Bilinear,
        SkipFlat = true,
        Degradations = DegradationRanges.Parse("jpeg,noise:0-10.5"),
        Pictures = "3, abc",
        Validation = "1, def",
        Init = "a \"model\".pt",
    };

    [Fact]
    public void Settings_survive_json()
    {
        foreach (var config in (TrainingConfig[])[Unusual, TrainingConfig.Baseline(2), TrainingConfig.Full(3), TrainingConfig.Tutorial(4, 8)])
        {
            config.Validate();
            string json = config.ToJson();
            Assert.Equal(json, TrainingConfig.FromJson(json).ToJson());
            Assert.Empty(config.Differences(TrainingConfig.FromJson(json)));
        }
    }

    [Fact]
    public void Every_setting_is_compared()
    {
        var plain = TrainingConfig.Baseline(2);
        var differences = Unusual.Differences(plain);
        string[] names = [.. differences.Select(d => d.Split(' ')[0])];
        string[] all = ["blocks", "features", "scale", "residualScale", "tiedBlocks", "globalSkip", "channels", "gain", "inputOffset", "outputOffset", "loss", "steps", "batch", "patch", "rate", "schedule", "milestones", "gamma", "warmup", "ema", "clipNorm", "onDivergence", "seed", "validateEvery", "checkpointEvery", "reduction", "skipFlat", "degradations", "pictures", "validation", "init"];
        Assert.Equal(all.Order(), names.Order());
        Assert.Equal("batch 16, not 8", Assert.Single(plain.Differences(plain with { Batch = 8 })));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"network\":null}")]
    [InlineData("{\"network\":{\"blocks\":1,\"features\":4,\"scale\":2},\"depth\":3}")]
    [InlineData("{\"network\":{\"blocks\":1,\"features\":4,\"scale\":2},\"steps\":0}")]
    [InlineData("{\"network\":{\"blocks\":1,\"features\":4,\"scale\":2},\"schedule\":3}")]
    [InlineData("{\"network\":{\"blocks\":1,\"features\":4,\"scale\":2},\"milestones\":null}")]
    public void Json_that_is_no_settings_is_refused(string json) => Assert.Throws<EdsrException>(() => TrainingConfig.FromJson(json));

    [Fact]
    public void Settings_out_of_range_are_refused_in_words()
    {
        var plain = TrainingConfig.Baseline(2);
        foreach (var (config, word) in ((TrainingConfig, string)[])
            [
                (plain with { Batch = 0 }, "batch"), (plain with { Patch = 0 }, "patch"), (plain with { Steps = 0 }, "steps"), (plain with { Rate = 0 }, "learning rate"),
                (plain with { Rate = float.NaN }, "learning rate"), (plain with { Gamma = 1.5 }, "gamma"), (plain with { Milestones = [2, 1] }, "milestones"),
                (plain with { Milestones = [0] }, "milestones"), (plain with { Schedule = RateSchedule.Step, Milestones = [] }, "milestone"),
                (plain with { Schedule = RateSchedule.Cosine }, "milestones"), (plain with { Warmup = 300_000 }, "warm-up"), (plain with { Ema = 1 }, "average"),
                (plain with { ClipNorm = -1 }, "norm"), (plain with { ValidateEvery = 0 }, "validation"), (plain with { CheckpointEvery = 0 }, "checkpoints"),
                (TrainingConfig.Baseline(5), "scale"), (plain with { Network = plain.Network with { Channels = 2 } }, "channels"),
                (plain with { Network = plain.Network with { Features = 0 } }, "features"),
            ])
            Assert.Contains(word, Assert.Throws<EdsrException>(config.Validate).Message);
    }

    [Fact]
    public void Presets_are_those_of_the_paper_and_the_tutorial()
    {
        Assert.Equal("L1, Adam 0.0001 ×0.5 at 200000, 300000 steps of 16 patches of 48×48, seed 1", TrainingConfig.Baseline(2).ToString());
        Assert.Equal(new EdsrConfig(32, 256, 4) { ResidualScale = 0.1f }, TrainingConfig.Full(4).Network);
        var tutorial = TrainingConfig.Tutorial(2, stepsPerEpoch: 8);
        Assert.Equal("MSE, Adam 0.0001 ×0.99 every 8, 800 steps of 30 patches of 48×48, seed 1", tutorial.ToString());
        Assert.Equal(Reduction.Bilinear, tutorial.Patches.Reduction);
        Assert.True(tutorial.Network is { TiedBlocks: true, GlobalSkip: false, ResidualScale: 0.1f });
    }
}
