namespace EdsrIlgpu;

/// <summary>An 8-bit picture in memory: rows from top to bottom, pixels from left to right, channels interleaved.</summary>
public sealed class Picture
{
    /// <summary>Wraps the pixels; nothing is copied.</summary>
    /// <param name="width">Width in pixels, at least 1.</param>
    /// <param name="height">Height in pixels, at least 1.</param>
    /// <param name="channels">1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</param>
    /// <param name="pixels">width · height · channels bytes.</param>
    /// <exception cref="ArgumentException">A size is out of range, or <paramref name="pixels"/> has another length.</exception>
    public Picture(int width, int height, int channels, byte[] pixels)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(channels, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(channels, 4);
        if (pixels.LongLength != (long)width * height * channels)
            throw new ArgumentException($"{width}×{height}×{channels} needs {(long)width * height * channels} bytes, not {pixels.LongLength}.", nameof(pixels));
        (Width, Height, Channels, Pixels) = (width, height, channels, pixels);
    }

    /// <summary>An all-zero picture.</summary>
    /// <exception cref="EdsrException">It would be larger than an array can be, 2 GiB.</exception>
    public Picture(int width, int height, int channels) : this(width, height, channels, Allocate(width, height, channels)) { }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</summary>
    public int Channels { get; }

    /// <summary>The samples, row by row, interleaved.</summary>
    public byte[] Pixels { get; }

    /// <summary>
    /// The ICC profile that says what colours the samples mean, as it stood in the file; null means sRGB. It is carried along, never
    /// applied.
    /// </summary>
    public byte[]? IccProfile { get; init; }

    /// <summary>Whether the last channel is alpha.</summary>
    public bool HasAlpha => Channels is 2 or 4;

    /// <summary>Whether no pixel lets anything through: no alpha, or alpha 255 everywhere.</summary>
    public bool IsOpaque
    {
        get
        {
            if (!HasAlpha)
                return true;
            for (long i = Channels - 1; i < Pixels.LongLength; i += Channels)
                if (Pixels[i] != byte.MaxValue)
                    return false;
            return true;
        }
    }

    /// <summary>One row: Width · Channels bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Span<byte> Row(int y) => Pixels.AsSpan(checked((int)((long)y * Width * Channels)), Width * Channels);

    /// <summary>A copy of the rectangle whose upper left pixel is (<paramref name="x"/>, <paramref name="y"/>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rectangle is empty or not inside the picture.</exception>
    public Picture Crop(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(width, Width - x);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(height, Height - y);
        var crop = new Picture(width, height, Channels) { IccProfile = IccProfile };
        for (int row = 0; row < height; row++)
            Row(y + row).Slice(x * Channels, width * Channels).CopyTo(crop.Row(row));
        return crop;
    }

    /// <summary>Cropped at the right and bottom to a multiple of <paramref name="scale"/>; itself if it is one.</summary>
    /// <exception cref="EdsrException">It is smaller than <paramref name="scale"/>.</exception>
    internal Picture CropToMultiple(int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        int width = Width - Width % scale, height = Height - Height % scale;
        if (width == 0 || height == 0)
            throw new EdsrException($"A picture of {Width} × {Height} pixels is too small to be scaled down by {scale}; it needs at least {scale} × {scale}.");
        return (width, height) == (Width, Height) ? this : Crop(0, 0, width, height);
    }

    /// <summary>Width and height at <paramref name="scale"/> times the size.</summary>
    /// <exception cref="EdsrException">A picture of that size would be larger than 2 GiB.</exception>
    public (int Width, int Height) SizeTimes(int scale)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(scale, 1);
        RequireAllocatable((long)Width * scale, (long)Height * scale, Channels);
        return (Width * scale, Height * scale);
    }

    private static byte[] Allocate(int width, int height, int channels)
    {
        // Sizes that are no sizes are the other constructor's to refuse.
        if (width < 1 || height < 1 || channels is < 1 or > 4)
            return [];
        RequireAllocatable(width, height, channels);
        return new byte[(long)width * height * channels];
    }

    /// <summary>Throws where a picture of that size would be larger than an array can be.</summary>
    /// <exception cref="EdsrException">It would.</exception>
    internal static void RequireAllocatable(long width, long height, int channels)
    {
        if ((Int128)width * height * channels > Array.MaxLength)
            throw new EdsrException($"A picture of {width} × {height} pixels with {channels} channels is larger than 2 GiB, the most one picture may take; scale it less, or cut it up.");
    }
}
