using EdsrIlgpu.Models;
using EdsrIlgpu.Training;

namespace EdsrIlgpu.Tests.Training;

public class WarmStartTests
{
    private static readonly EdsrConfig Config = new(2, 8, 2);

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    public void Another_scale_takes_head_and_body_and_says_so(int scale)
    {
        var source = InitialWeights.Draw(Config, 1);
        var (model, told) = WarmStart.From(Config with { Scale = scale }, source, "a.pt", seed: 2);
        Assert.Equal($"Head and body are those of a.pt, which is for ×2; the tail for ×{scale} is new.", told);
        Assert.Equal(scale, model.Config.Scale);
        var random = InitialWeights.Draw(Config with { Scale = scale }, 2);
        Assert.All(model.Parameters, p => Assert.Equal((p.Key.StartsWith("tail", StringComparison.Ordinal) ? random : source).Parameters[p.Key], p.Value));
    }

    [Fact]
    public void Another_tail_takes_head_and_body_and_says_so()
    {
        var source = InitialWeights.Draw(Config with { SubPixelOutput = true }, 1);
        var (model, told) = WarmStart.From(Config, source, "a.pb", seed: 2);
        Assert.Equal("Head and body are those of a.pb, which has another tail; the tail for ×2 is new.", told);
        var random = InitialWeights.Draw(Config, 2);
        Assert.All(model.Parameters, p => Assert.Equal((p.Key.StartsWith("tail", StringComparison.Ordinal) ? random : source).Parameters[p.Key], p.Value));
    }

    [Fact]
    public void The_same_scale_takes_everything()
    {
        var source = InitialWeights.Draw(Config, 1);
        var (model, told) = WarmStart.From(Config, source, "a.pt", seed: 2);
        Assert.Equal("All weights are those of a.pt.", told);
        Assert.All(source.Parameters, p => Assert.Equal(p.Value, model.Parameters[p.Key]));
    }

    [Fact]
    public void Another_kind_of_network_is_refused_by_what_differs()
    {
        var source = InitialWeights.Draw(Config, 1);
        foreach (var (config, words) in ((EdsrConfig, string)[])
            [
                (Config with { Blocks = 3 }, "its blocks: 2; this network's: 3"), (Config with { Features = 16 }, "its features: 8; this network's: 16"),
                (Config with { Channels = 1 }, "its channels"), (Config with { ResidualScale = 0.1f }, "its residual scale"),
                (Config with { TiedBlocks = true }, "its tied blocks"), (Config with { GlobalSkip = false }, "its skip"), (Config with { Range = PixelRange.Unit }, "its range"),
            ])
            Assert.Contains(words, Assert.Throws<EdsrException>(() => WarmStart.From(config, source, "a.pt", 1)).Message);
    }
}
