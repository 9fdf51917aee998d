using EdsrIlgpu.Imaging;
using EdsrIlgpu.Metrics;
using EdsrIlgpu.Resampling;
using EdsrIlgpu.Tests.Resampling;

namespace EdsrIlgpu.Tests.Metrics;

public class QualityMeterTests
{
    [Theory]
    [InlineData("Set5", 2, 33.646, .9293), InlineData("Set5", 3, 30.388, null), InlineData("Set5", 4, 28.419, null)]
    [InlineData("Set14", 2, 30.316, .8692), InlineData("Set14", 3, 27.628, null), InlineData("Set14", 4, 26.089, null)]
    public void Bicubic_has_the_known_figures(string set, int scale, double psnr, double? ssim)
    {
        var all = Measure(set, scale, (lr, s) => MatlabBicubic.Upscale(lr, s), Protocol.Y);
        Assert.Equal(psnr, all.Average(q => q.Psnr), 0.001);
        if (ssim is { } value)
            Assert.Equal(value, all.Average(q => q.Ssim), 0.00006);
    }

    // The tutorial makes its LR by the same bilinear resize, and bilinear upscaling is what it shows beside its network.
    [Fact]
    public void Bilinear_down_and_up_scores_23_15_by_the_tutorial_s_formula()
    {
        List<Quality> all = [.. BenchmarkPairs.SelfExSr("Set5", 2).Select(pair =>
        {
            var hr = PictureFile.Load(pair.Hr);
            var lr = Bilinear.Downscale(hr, 2);
            return QualityMeter.Compare(Bilinear.Upscale(lr, 2), hr, 2, Protocol.Tutorial);
        })];
        Assert.Equal(23.15, all.Average(q => q.TutorialPsnr!.Value), 0.005);
        Assert.All(all, q => Assert.Equal(20 * Math.Log10(2), q.Psnr - q.TutorialPsnr!.Value, 1e-9));
    }

    [Fact]
    public void Equal_pictures_have_infinite_psnr_and_an_ssim_of_1()
    {
        var picture = TestPictures.Noise(32, 30, 3, seed: 1);
        foreach (var protocol in (Protocol[])[Protocol.Y, Protocol.Tutorial])
        {
            var quality = QualityMeter.Compare(picture, picture, 2, protocol);
            Assert.Equal(double.PositiveInfinity, quality.Psnr);
            Assert.Equal(1, quality.Ssim, 1e-12);
        }
    }

    [Fact]
    public void Psnr_is_that_of_the_samples_inside_the_frame()
    {
        var hr = new Picture(40, 30, 3);
        var sr = new Picture(40, 30, 3);
        Array.Fill(hr.Pixels, (byte)100);
        Array.Fill(sr.Pixels, (byte)104);
        for (int shave = 0; shave < 8; shave++)
            sr.Row(shave)[0] = 255; // one sample of the left column of every frame, none inside
        Assert.Equal(20 * Math.Log10(255 / 4.0), QualityMeter.Compare(sr, hr, 2, Protocol.Rgb).Psnr, 1e-9);
        Assert.True(QualityMeter.Compare(sr, hr, 2, Protocol.Tutorial).Psnr < 36.1);
        // 4 levels of grey are 3.44 of luma: 101.88 and 105.32 round to 102 and 105.
        Assert.Equal(20 * Math.Log10(255 / 3.0), QualityMeter.Compare(sr, hr, 2, Protocol.Y).Psnr, 1e-9);
    }

    [Fact]
    public void Ssim_meets_the_plain_sum_over_windows()
    {
        var x = TestPictures.Noise(17, 14, 1, seed: 1);
        var y = new Picture(17, 14, 1, [.. x.Pixels.Select((p, i) => (byte)Math.Clamp(p + i % 31 - 15, 0, 255))]);
        Assert.Equal(PlainSsim(x, y), StructuralSimilarity.Of(x.Pixels, y.Pixels, 17, 14), 1e-12);
    }

    [Fact]
    public void Grey_counts_as_rgb_and_alpha_is_left_out()
    {
        var a = TestPictures.Noise(30, 30, 1, seed: 1);
        var b = TestPictures.Noise(30, 30, 1, seed: 2);
        foreach (var protocol in Enum.GetValues<Protocol>())
        {
            var expected = QualityMeter.Compare(Spread(a, 3), Spread(b, 3), 2, protocol);
            foreach (var (i, j) in ((int, int)[])[(1, 1), (1, 3), (2, 4), (4, 2)])
                Assert.Equal(expected, QualityMeter.Compare(Spread(a, i), Spread(b, j), 2, protocol));
        }
    }

    [Fact]
    public void A_larger_reference_is_cropped_to_a_multiple_of_the_scale()
    {
        var hr = TestPictures.Noise(32, 33, 3, seed: 1);
        var sr = TestPictures.Noise(30, 33, 3, seed: 2);
        Assert.Equal(QualityMeter.Compare(sr, hr.Crop(0, 0, 30, 33), 3, Protocol.Y), QualityMeter.Compare(sr, hr, 3, Protocol.Y));
    }

    [Fact]
    public void Pictures_that_cannot_be_compared_are_one_clear_line()
    {
        string Refused(int width, int height, int scale, Protocol protocol) =>
            Assert.Throws<EdsrException>(() => QualityMeter.Compare(new Picture(width, height, 3), new Picture(32, 24, 3), scale, protocol)).Message;
        Assert.Equal("Pictures of 16 × 12 and 32 × 24 pixels cannot be compared at scale 2; the reference must have the same size, or have it once cropped to a multiple of 2.", Refused(16, 12, 2, Protocol.Y));
        Assert.Equal("A picture of 32 × 24 pixels is too small to be judged; this protocol needs at least 27 × 27 at scale 2.", Refused(32, 24, 2, Protocol.Rgb));
    }

    private static Picture Spread(Picture grey, int channels)
    {
        var picture = new Picture(grey.Width, grey.Height, channels);
        for (int i = 0; i < picture.Pixels.Length; i++)
            picture.Pixels[i] = channels % 2 == 0 && i % channels == channels - 1 ? (byte)(i * 7) : grey.Pixels[i / channels];
        return picture;
    }

    private static double PlainSsim(Picture x, Picture y)
    {
        double total = 0;
        int windows = 0;
        for (int top = 0; top + 11 <= x.Height; top++)
            for (int left = 0; left + 11 <= x.Width; left++, windows++)
            {
                double weights = 0, mx = 0, my = 0, vx = 0, vy = 0, cov = 0;
                void EachPixel(Action<double, double, double> visit)
                {
                    for (int i = 0; i < 11; i++)
                        for (int j = 0; j < 11; j++)
                            visit(Math.Exp(-((i - 5) * (i - 5) + (j - 5) * (j - 5)) / 4.5), x.Row(top + i)[left + j], y.Row(top + i)[left + j]);
                }
                EachPixel((w, a, b) => (weights, mx, my) = (weights + w, mx + w * a, my + w * b));
                (mx, my) = (mx / weights, my / weights);
                EachPixel((w, a, b) => (vx, vy, cov) = (vx + w * (a - mx) * (a - mx), vy + w * (b - my) * (b - my), cov + w * (a - mx) * (b - my)));
                (vx, vy, cov) = (vx / weights, vy / weights, cov / weights);
                total += (2 * mx * my + 6.5025) * (2 * cov + 58.5225) / ((mx * mx + my * my + 6.5025) * (vx + vy + 58.5225));
            }
        return total / windows;
    }

    private static List<Quality> Measure(string set, int scale, Func<Picture, int, Picture> upscale, Protocol protocol) =>
        [.. BenchmarkPairs.SelfExSr(set, scale).Select(pair =>
            QualityMeter.Compare(upscale(PictureFile.Load(pair.Lr), scale), PictureFile.Load(pair.Hr), scale, protocol))];
}
