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
    public Picture(int width, int height, int channels)
        : this(width, height, channels, new byte[checked((long)width * height * channels)]) { }

    /// <summary>Width in pixels.</summary>
    public int Width { get; }

    /// <summary>Height in pixels.</summary>
    public int Height { get; }

    /// <summary>1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha.</summary>
    public int Channels { get; }

    /// <summary>The samples, row by row, interleaved.</summary>
    public byte[] Pixels { get; }

    /// <summary>The ICC profile that says what the samples mean; null for sRGB, or grey of its kind. Carried, never applied.</summary>
    public byte[]? IccProfile { get; init; }

    /// <summary>One row: Width · Channels bytes.</summary>
    public Span<byte> Row(int y) => Pixels.AsSpan(checked((int)((long)y * Width * Channels)), Width * Channels);
}
