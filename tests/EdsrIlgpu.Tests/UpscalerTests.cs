using EdsrIlgpu.Devices;
using EdsrIlgpu.Models;
using EdsrIlgpu.Resampling;
using EdsrIlgpu.Tests.Graph;

namespace EdsrIlgpu.Tests;

public class UpscalerTests
{
    [Fact]
    public void Many_callers_share_one_upscaler()
    {
        using var upscaler = new Upscaler(Model(new EdsrConfig(2, 16, 2)));
        Picture[] pictures = [.. Enumerable.Range(0, 8).Select(i => TestPictures.Noise(20 + i % 3, 13 + i % 2, 3, i))];
        byte[][] expected = [.. pictures.Select(p => upscaler.Upscale(p).Pixels)];
        var actual = new byte[8 * 5][];
        Parallel.For(0, actual.Length, new ParallelOptions { MaxDegreeOfParallelism = 8 }, i => actual[i] = upscaler.Upscale(pictures[i % 8]).Pixels);
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(expected[i % 8], actual[i]);
    }

    [Fact]
    public void Spans_and_pictures_give_the_same()
    {
        using var upscaler = new Upscaler(Model(new EdsrConfig(1, 8, 3)));
        var picture = TestPictures.Noise(11, 7, 3, 1);
        var output = new byte[33 * 21 * 3];
        upscaler.Upscale(picture.Pixels, 11, 7, output);
        Assert.Equal(upscaler.Upscale(picture).Pixels, output);
        Assert.Throws<ArgumentException>(() => upscaler.Upscale(picture.Pixels, 11, 7, output.AsSpan(1)));
        Assert.Throws<ArgumentOutOfRangeException>(() => upscaler.Upscale([], 0, 7, output));
    }

    [Fact]
    public void Grey_and_alpha_go_beside_the_colours()
    {
        using var upscaler = new Upscaler(Model(new EdsrConfig(1, 8, 2)));
        var colours = TestPictures.Noise(9, 6, 3, 2);
        var alpha = TestPictures.Noise(9, 6, 1, 3);
        var both = upscaler.Upscale(colours.WithAlpha(alpha));
        Assert.Equal(upscaler.Upscale(colours).Pixels, both.Colours().Pixels);
        Assert.Equal(MatlabBicubic.Upscale(alpha, 2).Pixels, both.Alpha().Pixels);
        Assert.Equal(upscaler.Upscale(alpha.ToRgb()).ToGrey(null).Pixels, upscaler.Upscale(alpha).Pixels);
    }

    [Fact]
    public void A_network_of_one_channel_sees_colours_one_by_one()
    {
        using var upscaler = new Upscaler(Model(new EdsrConfig(1, 8, 2) { Channels = 1, Range = PixelRange.Unit }));
        var picture = TestPictures.Noise(9, 6, 3, 4);
        var told = new List<double>();
        var result = upscaler.Upscale(picture, new ActionProgress(told.Add));
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1], 9);
        for (int channel = 0; channel < 3; channel++)
        {
            var one = new Picture(9, 6, 1, [.. picture.Pixels.Where((_, i) => i % 3 == channel)]);
            Assert.Equal(upscaler.Upscale(one).Pixels, result.Pixels.Where((_, i) => i % 3 == channel));
        }
    }

    [Fact]
    public void A_profile_is_carried_along()
    {
        using var upscaler = new Upscaler(Model(new EdsrConfig(1, 8, 2)));
        foreach (int channels in (int[])[1, 2, 3, 4])
        {
            byte[] profile = [1, 2, 3];
            var picture = new Picture(4, 4, channels, new byte[16 * channels]) { IccProfile = profile };
            Assert.Same(profile, upscaler.Upscale(picture).IccProfile);
        }
    }

    [Fact]
    public void A_picture_that_fits_nowhere_is_refused_before_anything_is_allocated()
    {
        using var upscaler = new Upscaler(Model(EdsrConfig.Baseline(2)));
        Assert.Contains("MiB", Assert.Throws<EdsrException>(() => upscaler.Plan(500_000_000, 1)).Message);
    }

    [Fact]
    public void Cancelling_leaves_an_upscaler_that_works()
    {
        using var upscaler = new Upscaler(Model(new EdsrConfig(2, 16, 2)));
        var picture = TestPictures.Noise(16, 16, 3, 5);
        var expected = upscaler.Upscale(picture).Pixels;
        using var source = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => upscaler.Upscale(picture, new ActionProgress(_ => source.Cancel()), source.Token));
        Assert.Equal(expected, upscaler.Upscale(picture).Pixels);
    }

    [Fact]
    public void Nothing_runs_after_disposal()
    {
        using var device = new HostComputeDevice(1);
        var upscaler = new Upscaler(Model(new EdsrConfig(1, 8, 2)), device);
        var picture = TestPictures.Noise(4, 4, 3, 6);
        upscaler.Upscale(picture);
        upscaler.Dispose();
        Assert.Throws<ObjectDisposedException>(() => upscaler.Upscale(picture));
        upscaler.Dispose();
    }

    private static EdsrModel Model(EdsrConfig config) => new(config, TestNetworks.RandomParameters(Edsr.Build(config), 1));
}
