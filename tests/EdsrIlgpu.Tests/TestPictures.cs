namespace EdsrIlgpu.Tests;

/// <summary>Pictures made up for tests.</summary>
internal static class TestPictures
{
    /// <summary>Independent samples of 0–255.</summary>
    public static Picture Noise(int width, int height, int channels, int seed)
    {
        var picture = new Picture(width, height, channels);
        new Random(seed).NextBytes(picture.Pixels);
        return picture;
    }
}
