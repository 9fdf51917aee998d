namespace EdsrIlgpu.Metrics;

/// <summary>PSNR and SSIM by the protocols of the super-resolution literature. Figures over a set are means of its pictures' figures.</summary>
public static class QualityMeter
{
    /// <summary>
    /// Compares a super-resolved picture with its reference. Grey counts as RGB with equal channels, so that its luma is 16–235 like
    /// any other's; alpha is left out.
    /// </summary>
    /// <param name="sr">The picture to judge.</param>
    /// <param name="hr">The reference; cropped at the right and bottom to a multiple of <paramref name="scale"/> if that makes the sizes equal.</param>
    /// <param name="scale">The scale that <paramref name="sr"/> was made with, at least 1.</param>
    /// <param name="protocol">What is compared.</param>
    /// <exception cref="EdsrException">The sizes do not fit, or the pictures are too small for the frame and SSIM's window.</exception>
    public static Quality Compare(Picture sr, Picture hr, int scale, Protocol protocol)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        if (!Fits(sr.Width, hr.Width, scale) || !Fits(sr.Height, hr.Height, scale))
            throw new EdsrException($"Pictures of {sr.Width} × {sr.Height} and {hr.Width} × {hr.Height} pixels cannot be compared at scale {scale}; the reference must have the same size, or have it once cropped to a multiple of {scale}.");

        int shave = protocol switch { Protocol.Y => scale, Protocol.Rgb => 6 + scale, _ => 0 };
        int width = sr.Width - 2 * shave, height = sr.Height - 2 * shave;
        if (Math.Min(width, height) < StructuralSimilarity.Window)
        {
            int least = StructuralSimilarity.Window + 2 * shave;
            throw new EdsrException($"A picture of {sr.Width} × {sr.Height} pixels is too small to be judged; this protocol needs at least {least} × {least} at scale {scale}.");
        }

        long squares = 0;
        double ssim = 0;
        int planes = protocol == Protocol.Y ? 1 : 3;
        for (int plane = 0; plane < planes; plane++)
        {
            var x = Plane(sr, shave, width, height, protocol, plane);
            var y = Plane(hr, shave, width, height, protocol, plane);
            squares += SumOfSquaredDifferences(x, y);
            ssim += StructuralSimilarity.Of(x, y, width, height) / planes;
        }
        double mse = (double)squares / ((long)width * height * planes);
        return new Quality(
            10 * Math.Log10(255 * 255 / mse),
            ssim,
            protocol == Protocol.Tutorial ? 10 * Math.Log10(127.5 * 127.5 / mse) : null);
    }

    /// <summary>Luma of BT.601 for R, G, B of 0–255, 16 to 235, rounded to 8 bits.</summary>
    internal static byte Luma(byte r, byte g, byte b) => (byte)((65.481 * r + 128.553 * g + 24.966 * b) / 255 + 16.5);

    private static bool Fits(int sr, int hr, int scale) => sr == hr || sr == hr / scale * scale;

    /// <summary>One channel, or luma, of what is left without the frame.</summary>
    private static byte[] Plane(Picture picture, int shave, int width, int height, Protocol protocol, int channel)
    {
        var plane = new byte[width * height];
        int pixel = picture.Channels, g = 0, b = 0;
        if (pixel >= 3)
            (g, b) = (1, 2);
        else
            channel = 0;
        for (int y = 0; y < height; y++)
        {
            var row = picture.Row(y + shave).Slice(shave * pixel, width * pixel);
            var samples = plane.AsSpan(y * width, width);
            for (int x = 0; x < samples.Length; x++)
            {
                var at = row.Slice(x * pixel, pixel);
                samples[x] = protocol == Protocol.Y ? Luma(at[0], at[g], at[b]) : at[channel];
            }
        }
        return plane;
    }

    private static long SumOfSquaredDifferences(byte[] x, byte[] y)
    {
        long sum = 0;
        for (int i = 0; i < x.Length; i++)
        {
            int difference = x[i] - y[i];
            sum += difference * difference;
        }
        return sum;
    }
}
