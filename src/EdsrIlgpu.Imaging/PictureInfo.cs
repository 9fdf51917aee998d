namespace EdsrIlgpu.Imaging;

/// <summary>What the header of a picture file says, with its EXIF orientation applied.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Channels">1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</param>
public readonly record struct PictureInfo(int Width, int Height, int Channels)
{
    /// <summary>Width and height at <paramref name="scale"/> times the size.</summary>
    /// <exception cref="EdsrException">A picture of that size would be larger than 2 GiB.</exception>
    public (int Width, int Height) SizeTimes(int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        Picture.RequireAllocatable((long)Width * scale, (long)Height * scale, Channels);
        return (Width * scale, Height * scale);
    }
}
