using EdsrIlgpu.Models;
using EdsrIlgpu.Training;

namespace EdsrIlgpu.Tests.Training;

public class LearningRateTests
{
    private static readonly TrainingConfig Config = new(new EdsrConfig(1, 4, 2)) { Rate = 1e-3f, Steps = 1000, Milestones = [] };

    [Fact]
    public void Multistep_multiplies_by_gamma_at_each_milestone()
    {
        var config = Config with { Milestones = [100, 300], Gamma = 0.5 };
        foreach (var (step, rate) in ((long, double)[])[(0, 1e-3), (99, 1e-3), (100, 5e-4), (299, 5e-4), (300, 2.5e-4), (999, 2.5e-4)])
            Assert.Equal(rate, LearningRate.At(config, step), 1e-9);
    }

    [Fact]
    public void Step_multiplies_by_gamma_every_so_many_steps()
    {
        var config = Config with { Schedule = RateSchedule.Step, Milestones = [8], Gamma = 0.99 };
        foreach (long step in (long[])[0, 7, 8, 15, 16, 800])
            Assert.Equal(1e-3 * Math.Pow(0.99, step / 8), LearningRate.At(config, step), 1e-9);
    }

    [Fact]
    public void Cosine_falls_from_the_full_rate_after_the_warm_up_to_zero_at_the_end()
    {
        var config = Config with { Schedule = RateSchedule.Cosine, Warmup = 200 };
        Assert.Equal(1e-3, LearningRate.At(config, 200), 1e-9);
        Assert.Equal(0.5e-3, LearningRate.At(config, 600), 1e-9);
        Assert.Equal(1e-3 * 0.5 * (1 + Math.Cos(Math.PI * 0.75)), LearningRate.At(config, 800), 1e-9);
        Assert.Equal(0, LearningRate.At(config, 1000), 1e-9);
    }

    [Fact]
    public void The_warm_up_rises_evenly_to_the_full_rate()
    {
        var config = Config with { Schedule = RateSchedule.Constant, Warmup = 4 };
        foreach (var (step, share) in ((long, double)[])[(0, 0.2), (1, 0.4), (3, 0.8), (4, 1), (5, 1), (999, 1)])
            Assert.Equal(1e-3 * share, LearningRate.At(config, step), 1e-9);
    }
}
