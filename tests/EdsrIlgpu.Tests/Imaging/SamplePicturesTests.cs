using EdsrIlgpu.Imaging;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Tests.Imaging;

/// <summary>The sample pictures that are committed under samples/pictures.</summary>
public class SamplePicturesTests
{
    private static readonly string Folder = Path.Combine(TestData.Repository, "samples", "pictures");

    [Theory]
    [InlineData("text"), InlineData("lines"), InlineData("textures"), InlineData("gradients"), InlineData("scene")]
    public void Each_lr_is_the_bicubic_half_of_its_hr(string name)
    {
        var hr = PictureFile.Load(Path.Combine(Folder, $"{name}_HR.png"));
        Assert.Equal((512, 384, 3), (hr.Width, hr.Height, hr.Channels));
        Assert.Equal(MatlabBicubic.Downscale(hr, 2).Pixels, PictureFile.Load(Path.Combine(Folder, $"{name}_LR.png")).Pixels);
    }

    [Fact]
    public void Together_they_are_small() => Assert.InRange(Directory.GetFiles(Folder).Sum(file => new FileInfo(file).Length), 1, 2 << 20);
}
