namespace EdsrIlgpu.Resampling;

/// <summary>
/// Bicubic resampling exactly as MATLAB's <c>imresize</c> does it, which made the LR pictures of the super-resolution benchmarks:
/// the kernel of Keys (1981) with a = −1/2, antialiased when it shrinks; the axis that shrinks more goes first, rows on a tie.
/// </summary>
public static class MatlabBicubic
{
    /// <summary>
    /// The picture at 1/<paramref name="scale"/> of its size, cropped at the right and bottom to a multiple of it first; rounded after
    /// each pass, as the published LR sets were made.
    /// </summary>
    /// <exception cref="EdsrException">The picture is smaller than <paramref name="scale"/>.</exception>
    public static Picture Downscale(Picture picture, int scale, Border border = Border.Symmetric)
    {
        var cropped = picture.CropToMultiple(scale);
        return Resize(cropped, cropped.Width / scale, cropped.Height / scale, border);
    }

    /// <summary>
    /// The picture at <paramref name="scale"/> times its size, rounded once at the end: the bicubic row of evaluation tables.
    /// </summary>
    /// <exception cref="EdsrException">The result would be larger than 2 GiB.</exception>
    public static Picture Upscale(Picture picture, int scale, Border border = Border.Symmetric)
    {
        var (width, height) = picture.SizeTimes(scale);
        return Resize(picture, width, height, border, Rounding.Once);
    }

    /// <summary>The picture at any size of at least 1 × 1, alpha scaled like the other channels.</summary>
    /// <exception cref="EdsrException">The result would be larger than 2 GiB.</exception>
    public static Picture Resize(Picture picture, int width, int height, Border border = Border.Symmetric, Rounding rounding = Rounding.EachPass) =>
        Resampler(picture.Width, picture.Height, picture.Channels, width, height, border, rounding).Resample(picture);

    /// <summary>The same for bytes, 16-bit samples, or doubles, which are never rounded: row by row, <paramref name="channels"/> interleaved.</summary>
    /// <returns>width · height · channels samples.</returns>
    internal static T[] Resize<T>(T[] samples, int sourceWidth, int sourceHeight, int channels, int width, int height, Border border) where T : struct
    {
        var result = new T[checked(width * height * channels)];
        Resampler(sourceWidth, sourceHeight, channels, width, height, border, Rounding.EachPass).Resample(samples, result);
        return result;
    }

    /// <summary>Keys' kernel at distance <paramref name="x"/>, zero beyond 2.</summary>
    internal static double Kernel(double x)
    {
        x = Math.Abs(x);
        double square = x * x, cube = square * x;
        return x <= 1 ? 1.5 * cube - 2.5 * square + 1
            : x <= 2 ? -0.5 * cube + 2.5 * square - 4 * x + 2
            : 0;
    }

    private static SeparableResampler Resampler(int sourceWidth, int sourceHeight, int channels, int width, int height, Border border, Rounding rounding)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        bool rowsFirst = (long)height * sourceWidth <= (long)width * sourceHeight;
        return new(Taps.Build(sourceWidth, width, Kernel, 4, border), Taps.Build(sourceHeight, height, Kernel, 4, border), channels, rowsFirst, rounding);
    }
}
