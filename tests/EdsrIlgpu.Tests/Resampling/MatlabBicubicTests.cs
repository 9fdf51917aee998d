using EdsrIlgpu.Imaging;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Tests.Resampling;

public class MatlabBicubicTests
{
    [Fact]
    public void Halving_has_the_eight_known_taps()
    {
        var taps = Taps.Build(64, 32, MatlabBicubic.Kernel, 4, Border.Symmetric);
        double[] expected = [-.01171875, -.03515625, .11328125, .43359375, .43359375, .11328125, -.03515625, -.01171875];
        Assert.Equal(8, taps.Count);
        Assert.Equal(expected, taps.Weight[(10 * 8)..(11 * 8)]);
        Assert.Equal(Enumerable.Range(17, 8), taps.Index[(10 * 8)..(11 * 8)]);
    }

    [Fact]
    public void A_ramp_of_4_by_4_becomes_3_by_3_as_in_MATLAB()
    {
        double[] ramp = [.. Enumerable.Range(0, 16)];
        double[] expected = [.7506, 2.1004, 3.4503, 6.1501, 7.5, 8.8499, 11.5497, 12.8996, 14.2494];
        var actual = MatlabBicubic.Resize(ramp, 4, 4, 1, 3, 3, Border.Symmetric);
        for (int i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 5e-5);
    }

    [Theory]
    [InlineData(2), InlineData(3), InlineData(4)]
    public void Downscaling_with_symmetric_borders_makes_MATLAB_s_Set5_bit_for_bit(int scale) =>
        AssertReproduced(BenchmarkPairs.Set5Matlab(scale), scale, Border.Symmetric, 5);

    [Theory]
    [InlineData(2), InlineData(3), InlineData(4)]
    public void Downscaling_with_replicated_borders_makes_SelfExSR_s_Set5_and_Set14_bit_for_bit(int scale) =>
        AssertReproduced([.. BenchmarkPairs.SelfExSr("Set5", scale), .. BenchmarkPairs.SelfExSr("Set14", scale)], scale, Border.Replicate, 19);

    [Theory]
    [InlineData(Border.Symmetric), InlineData(Border.Replicate)]
    public void Any_size_channels_and_order_of_passes_meet_the_plain_sum(Border border)
    {
        foreach (var (width, height, channels, newWidth, newHeight) in ((int, int, int, int, int)[])
            [(1, 1, 1, 2, 2), (2, 1, 4, 7, 3), (9, 70, 3, 4, 90), (70, 9, 2, 33, 3), (13, 11, 3, 26, 22), (40, 30, 1, 3, 40)])
        {
            var picture = TestPictures.Noise(width, height, channels, seed: 3);
            double[] samples = [.. picture.Pixels.Select(p => (double)p)];
            var plain = PlainSum(samples, width, height, channels, newWidth, newHeight, border);
            var actual = MatlabBicubic.Resize(samples, width, height, channels, newWidth, newHeight, border);
            for (int i = 0; i < plain.Length; i++)
                Assert.Equal(plain[i], actual[i], 1e-10);

            var once = MatlabBicubic.Resize(picture, newWidth, newHeight, border, Rounding.Once);
            for (int i = 0; i < plain.Length; i++)
                Assert.True(Math.Abs(Math.Clamp(plain[i], 0, 255) - once.Pixels[i]) <= 0.5 + 1e-10);
        }
    }

    [Fact]
    public void Rounding_between_the_passes_changes_a_few_samples_by_one_level()
    {
        // Of little contrast: where a pass overshoots 0–255, clamping between the passes changes more.
        var noise = TestPictures.Noise(64, 64, 3, seed: 5);
        var picture = new Picture(64, 64, 3, [.. noise.Pixels.Select(p => (byte)(64 + p / 2))]);
        var each = MatlabBicubic.Resize(picture, 128, 128);
        var once = MatlabBicubic.Upscale(picture, 2);
        var differences = each.Pixels.Zip(once.Pixels, (a, b) => Math.Abs(a - b)).ToArray();
        Assert.Equal(1, differences.Max());
        Assert.InRange(differences.Average(), 0.02, 0.4);
    }

    [Fact]
    public void One_pixel_comes_out_two_by_two()
    {
        var picture = new Picture(1, 1, 3, [7, 130, 255]);
        Assert.Equal([7, 130, 255, 7, 130, 255, 7, 130, 255, 7, 130, 255], MatlabBicubic.Upscale(picture, 2).Pixels);
    }

    [Fact]
    public void Downscaling_crops_to_a_multiple_first_and_keeps_the_profile()
    {
        var picture = TestPictures.Noise(17, 11, 3, seed: 1);
        var withProfile = new Picture(17, 11, 3, picture.Pixels) { IccProfile = [1, 2, 3] };
        var small = MatlabBicubic.Downscale(withProfile, 3);
        Assert.Equal((5, 3), (small.Width, small.Height));
        Assert.Equal(MatlabBicubic.Resize(picture.Crop(0, 0, 15, 9), 5, 3).Pixels, small.Pixels);
        Assert.Equal([1, 2, 3], small.IccProfile!);
    }

    [Fact]
    public void Sizes_that_cannot_be_are_one_clear_line()
    {
        var small = Assert.Throws<EdsrException>(() => MatlabBicubic.Downscale(new Picture(3, 9, 1), 4));
        Assert.Equal("A picture of 3 × 9 pixels is too small to be scaled down by 4; it needs at least 4 × 4.", small.Message);
        var large = Assert.Throws<EdsrException>(() => MatlabBicubic.Upscale(new Picture(1000, 1000, 3), 100_000));
        Assert.Contains("larger than 2 GiB", large.Message);
    }

    private static void AssertReproduced(IEnumerable<(string Hr, string Lr)> pairs, int scale, Border border, int count)
    {
        int seen = 0;
        foreach (var (hr, lr) in pairs)
        {
            var expected = PictureFile.Load(lr);
            var actual = MatlabBicubic.Downscale(PictureFile.Load(hr), scale, border);
            Assert.Equal((expected.Width, expected.Height, expected.Channels), (actual.Width, actual.Height, actual.Channels));
            Assert.True(expected.Pixels.AsSpan().SequenceEqual(actual.Pixels), $"{lr} is not reproduced.");
            seen++;
        }
        Assert.Equal(count, seen);
    }

    /// <summary>The definition of FACTS: one double sum for each output sample, straight from the kernel.</summary>
    private static double[] PlainSum(double[] samples, int width, int height, int channels, int newWidth, int newHeight, Border border)
    {
        var result = new double[newWidth * newHeight * channels];
        for (int y = 0; y < newHeight; y++)
            for (int x = 0; x < newWidth; x++)
                foreach (var (row, rowWeight) in Weights(height, newHeight, y, border))
                    foreach (var (column, columnWeight) in Weights(width, newWidth, x, border))
                        for (int c = 0; c < channels; c++)
                            result[(y * newWidth + x) * channels + c] += rowWeight * columnWeight * samples[(row * width + column) * channels + c];
        return result;
    }

    private static List<(int Position, double Weight)> Weights(int input, int output, int i, Border border)
    {
        double scale = (double)output / input, stretch = Math.Max(1, 1 / scale);
        double centre = (i + 0.5) / scale - 0.5;
        var weights = new List<(int, double)>();
        for (int p = (int)Math.Floor(centre - 2 * stretch) - 1; p <= centre + 2 * stretch + 1; p++)
        {
            double distance = Math.Abs(p - centre) / stretch;
            double weight = distance < 1 ? ((1.5 * distance - 2.5) * distance * distance) + 1
                : distance < 2 ? ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 : 0;
            int inside = p;
            while (border == Border.Symmetric && (inside < 0 || inside >= input))
                inside = inside < 0 ? -1 - inside : 2 * input - 1 - inside;
            weights.Add((Math.Clamp(inside, 0, input - 1), weight));
        }
        double sum = weights.Sum(w => w.Item2);
        return [.. weights.Select(w => (w.Item1, w.Item2 / sum))];
    }
}
