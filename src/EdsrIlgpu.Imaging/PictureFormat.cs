using NetVips;

namespace EdsrIlgpu.Imaging;

/// <summary>A file format that can be read and written.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Loader">libvips' class that reads it from a source.</param>
/// <param name="Extensions">File name extensions, the usual one first.</param>
/// <param name="MaxSide">Most pixels along one side.</param>
/// <param name="Alpha">Whether it can hold transparency.</param>
/// <param name="Write">Encodes a picture.</param>
internal sealed record PictureFormat(string Name, string Loader, string[] Extensions, int MaxSide, bool Alpha, Action<Image, Target> Write)
{
    // WebP is written lossless, like PNG and TIFF (its lossy kind halves the resolution of colour), colours under full transparency
    // kept. libjpeg's own limit is 65500, not the format's 65535.
    private static readonly PictureFormat[] All =
    [
        new("PNG", "VipsForeignLoadPngSource", [".png"], int.MaxValue, true,
            (image, target) => image.PngsaveTarget(target, compression: 6, filter: Enums.ForeignPngFilter.All)),
        new("JPEG", "VipsForeignLoadJpegSource", [".jpg", ".jpeg"], 65500, false,
            (image, target) => image.JpegsaveTarget(target, q: 95, optimizeCoding: true, subsampleMode: Enums.ForeignSubsample.Off)),
        new("WebP", "VipsForeignLoadWebpSource", [".webp"], 16383, true,
            (image, target) => image.WebpsaveTarget(target, lossless: true, exact: true)),
        new("TIFF", "VipsForeignLoadTiffSource", [".tif", ".tiff"], int.MaxValue, true,
            (image, target) => image.TiffsaveTarget(target, Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.Horizontal)),
    ];

    /// <summary>"PNG, JPEG, WebP and TIFF".</summary>
    public static string Names { get; } = $"{string.Join(", ", All.SkipLast(1).Select(f => f.Name))} and {All[^1].Name}";

    /// <summary>".png, .jpg, …"</summary>
    public static string AllExtensions { get; } = string.Join(", ", All.SelectMany(f => f.Extensions));

    /// <summary>The format that a file name asks for; null for none of these.</summary>
    public static PictureFormat? Of(string path)
    {
        string extension = Path.GetExtension(path);
        return Array.Find(All, f => f.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Whether libvips' class <paramref name="loader"/> reads one of these.</summary>
    public static bool IsRead(string? loader) => Array.Exists(All, f => f.Loader == loader);
}
