using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Tests.Resampling;

public class BilinearTests
{
    [Fact]
    public void Doubling_interpolates_at_quarters_and_keeps_the_edges() =>
        Assert.Equal([0, 25, 75, 100], Bilinear.Upscale(new Picture(2, 1, 1, [0, 100]), 2).Row(0).ToArray());

    // The triangle stretched by 2, at distances ½, ½, 1½ from the first output: weights ¾, ¾, ¼, over their sum.
    [Fact]
    public void Halving_averages_over_a_stretched_triangle_and_leaves_out_what_lies_beyond_the_edge() =>
        Assert.Equal([34, 126], Bilinear.Resize(new Picture(4, 1, 1, [0, 40, 120, 160]), 2, 1).Pixels);

    [Fact]
    public void A_constant_stays_constant_at_any_size()
    {
        var picture = new Picture(5, 7, 2);
        Array.Fill(picture.Pixels, (byte)77);
        foreach (var (width, height) in ((int, int)[])[(1, 1), (3, 20), (20, 3), (11, 13)])
            Assert.All(Bilinear.Resize(picture, width, height).Pixels, sample => Assert.Equal(77, sample));
    }
}
