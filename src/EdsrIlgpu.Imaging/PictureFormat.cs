using NetVips;

namespace EdsrIlgpu.Imaging;

/// <summary>A file format that can be read, and most of them written.</summary>
/// <param name="Name">What people call it.</param>
/// <param name="Loaders">libvips' classes that read it from a source.</param>
/// <param name="Extensions">File name extensions, the usual one first.</param>
/// <param name="MaxSide">Most pixels along one side that can be written.</param>
/// <param name="Alpha">Whether it can hold transparency.</param>
/// <param name="Write">Encodes a picture; null where no picture comes back as it was.</param>
internal sealed record PictureFormat(string Name, string[] Loaders, string[] Extensions, int MaxSide = 0, bool Alpha = false, Action<Image, Target>? Write = null)
{
    // The longest side of an image in libvips.
    private const int MaxCoordinate = 100_000_000;

    /// <summary>PNG.</summary>
    public static PictureFormat Png { get; } = new("PNG", ["VipsForeignLoadPngSource"], [".png"], MaxCoordinate, true,
        (image, target) => image.PngsaveTarget(target, compression: 6, filter: Enums.ForeignPngFilter.All));

    /// <summary>JPEG, the pictures of phones with a gain map for HDR screens included. libjpeg ends at 65500, not at the format's 65535.</summary>
    public static PictureFormat Jpeg { get; } = new("JPEG", ["VipsForeignLoadJpegSource", GainMapLoader], [".jpg", ".jpeg"], 65500, false,
        (image, target) => image.JpegsaveTarget(target, q: 95, optimizeCoding: true, subsampleMode: Enums.ForeignSubsample.Off));

    /// <summary>TIFF.</summary>
    public static PictureFormat Tiff { get; } = new("TIFF", ["VipsForeignLoadTiffSource"], [".tif", ".tiff"], MaxCoordinate, true,
        (image, target) => image.TiffsaveTarget(target, Enums.ForeignTiffCompression.Deflate, predictor: Enums.ForeignTiffPredictor.Horizontal));

    /// <summary>The class that reads a JPEG file together with its gain map.</summary>
    public const string GainMapLoader = "VipsForeignLoadUhdrSource";

    // WebP is written lossless, like PNG and TIFF (its lossy kind halves the resolution of colour), colours under full transparency
    // kept. GIF has 256 colours and AVIF no lossless form that all readers decode to the same bytes, so they are only read.
    private static readonly PictureFormat[] All =
    [
        Png,
        Jpeg,
        new("WebP", ["VipsForeignLoadWebpSource"], [".webp"], 16383, true, (image, target) => image.WebpsaveTarget(target, lossless: true, exact: true)),
        Tiff,
        new("GIF", ["VipsForeignLoadNsgifSource"], [".gif"]),
        new("AVIF", ["VipsForeignLoadHeifSource"], [".avif"]),
    ];

    /// <summary>"PNG, …, GIF and AVIF".</summary>
    public static string Names { get; } = $"{string.Join(", ", All.SkipLast(1).Select(f => f.Name))} and {All[^1].Name}";

    /// <summary>Extensions of what can be written: ".png, .jpg, …"</summary>
    public static string WrittenExtensions { get; } = string.Join(", ", All.Where(f => f.Write is not null).SelectMany(f => f.Extensions));

    /// <summary>The format that a file name asks for; null for none of these.</summary>
    public static PictureFormat? Of(string path)
    {
        string extension = Path.GetExtension(path);
        return Array.Find(All, f => f.Extensions.Contains(extension, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>The format that libvips' class <paramref name="loader"/> reads; null for none of these.</summary>
    public static PictureFormat? ReadBy(string? loader) => Array.Find(All, f => f.Loaders.Contains(loader));
}
