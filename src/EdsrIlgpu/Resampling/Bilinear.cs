namespace EdsrIlgpu.Resampling;

/// <summary>
/// Bilinear resampling as the Python Imaging Library does it: plain interpolation when it grows, a triangle stretched over the pixels
/// that fall together when it shrinks; what lies beyond the edge counts for nothing; columns first, rounded after each pass. The
/// tutorial makes its LR pictures so, and its baseline is the upscaling of them.
/// </summary>
public static class Bilinear
{
    /// <summary>The picture at 1/<paramref name="scale"/> of its size, cropped at the right and bottom to a multiple of it first.</summary>
    /// <exception cref="EdsrException">The picture is smaller than <paramref name="scale"/>.</exception>
    public static Picture Downscale(Picture picture, int scale)
    {
        var cropped = picture.CropToMultiple(scale);
        return Resize(cropped, cropped.Width / scale, cropped.Height / scale);
    }

    /// <summary>The picture at <paramref name="scale"/> times its size.</summary>
    /// <exception cref="EdsrException">The result would be larger than 2 GiB.</exception>
    public static Picture Upscale(Picture picture, int scale)
    {
        var (width, height) = picture.SizeTimes(scale);
        return Resize(picture, width, height);
    }

    /// <summary>The picture at any size of at least 1 × 1, alpha scaled like the other channels.</summary>
    /// <exception cref="EdsrException">The result would be larger than 2 GiB.</exception>
    public static Picture Resize(Picture picture, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return new SeparableResampler(
            Taps.Build(picture.Width, width, Triangle, 2, border: null),
            Taps.Build(picture.Height, height, Triangle, 2, border: null),
            picture.Channels, rowsFirst: false, Rounding.EachPass).Resample(picture);
    }

    private static double Triangle(double x) => Math.Max(0, 1 - Math.Abs(x));
}
