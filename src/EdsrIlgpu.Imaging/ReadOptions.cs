namespace EdsrIlgpu.Imaging;

/// <summary>How a picture file is read.</summary>
public sealed record ReadOptions
{
    /// <summary>Most pixels to decode; larger pictures are refused by their header.</summary>
    public long MaxPixels { get; init; } = PictureFile.DefaultMaxPixels;

    /// <summary>
    /// Whether a damaged or truncated PNG, JPEG or TIFF file is read as far as it goes, rows that are missing made grey. WebP, GIF and
    /// AVIF come whole or not at all.
    /// </summary>
    public bool IsTolerant { get; init; }

    /// <summary>Told, in lines that name the file, what of it is damaged or not carried along; null if nobody is to know.</summary>
    public Action<string>? Tell { get; init; }
}
