using EdsrIlgpu.Data;
using EdsrIlgpu.Files;
using EdsrIlgpu.Imaging.Reading;
using EdsrIlgpu.Imaging.Writing;
using NetVips;

namespace EdsrIlgpu.Imaging;

/// <summary>
/// Picture files ↔ <see cref="Picture"/>: PNG, JPEG, WebP, TIFF, and to be read also GIF and AVIF, with 8 bits a sample, grey or RGB,
/// with or without alpha; palettes are expanded. Files are read by what they hold, not by their names. Every failure is an
/// <see cref="EdsrException"/> of one line that names the file.
/// </summary>
public static class PictureFile
{
    /// <summary>The pixel limit where none is given: 16384 × 16384.</summary>
    public const long DefaultMaxPixels = 1L << 28;

    static PictureFile()
    {
        // libvips prints what it finds odd about a file to stderr; what matters arrives as an exception.
        foreach (string domain in (string[])["VIPS", "GLib-GObject"])
            Log.SetLogHandler(domain, Enums.LogLevelFlags.Warning | Enums.LogLevelFlags.Critical, (_, _, _) => { });
        // Every operation here runs once; its cache would only keep the last pictures' memory.
        Cache.Max = 0;
    }

    /// <summary>Reads the header alone.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">Pictures of more pixels are refused.</param>
    /// <exception cref="EdsrException">There is no such file, or it is no picture that <see cref="Load(string, long)"/> would take.</exception>
    public static PictureInfo ReadInfo(string path, long maxPixels = long.MaxValue)
    {
        var reader = new PictureReader(path, 8);
        if (maxPixels < long.MaxValue)
            reader.RequireAtMost(maxPixels);
        return reader.Info;
    }

    /// <summary>Reads a picture; <see cref="Load(string, ReadOptions)"/> says how, damaged ones are refused.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">Most pixels to decode; larger pictures are refused by their header.</param>
    /// <exception cref="EdsrException">The file cannot be read or is refused.</exception>
    public static Picture Load(string path, long maxPixels = DefaultMaxPixels) => Load(path, new ReadOptions { MaxPixels = maxPixels });

    /// <summary>
    /// Reads a picture. Its EXIF orientation is applied, its ICC profile carried along, colours that were multiplied by alpha are divided
    /// by it. What would lose bits or colours is refused: 16 bits a sample, floats, CMYK, more than one page; and so is, unless it is to
    /// be tolerated, a file that is damaged or cut short.
    /// </summary>
    /// <exception cref="EdsrException">The file cannot be read or is refused.</exception>
    public static Picture Load(string path, ReadOptions options)
    {
        var reader = new PictureReader(path, 8);
        reader.RequireAtMost(options.MaxPixels);
        var (width, height, channels) = reader.Info;
        byte[] pixels = options.IsTolerant ? reader.DecodeWhatThereIs(options.Tell) : reader.Decode<byte>(channels);
        if (reader.LeftOut is { } leftOut)
            options.Tell?.Invoke(leftOut);
        return new Picture(width, height, channels, pixels) { IccProfile = reader.IccProfile };
    }

    /// <summary>Reads a picture as <see cref="Load(string, long)"/> does, and one of 16 bits a sample too, in 16 bits. Alpha is left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">Most pixels to decode; larger pictures are refused by their header.</param>
    /// <exception cref="EdsrException">The file cannot be read or is refused.</exception>
    public static TrainingPicture LoadForTraining(string path, long maxPixels = DefaultMaxPixels)
    {
        var reader = new PictureReader(path, 16);
        reader.RequireAtMost(maxPixels);
        var (width, height, channels) = reader.Info;
        int colours = channels <= 2 ? 1 : 3;
        return reader.Is16Bit
            ? new TrainingPicture(width, height, colours, reader.Decode<ushort>(colours))
            : new TrainingPicture(width, height, colours, reader.Decode<byte>(colours));
    }

    /// <summary>Whether the extension of <paramref name="path"/> is that of a format that <see cref="Load(string, long)"/> reads.</summary>
    public static bool CanRead(string path) => PictureFormat.Of(path) is not null;

    /// <summary>Whether the extension of <paramref name="path"/> is that of a format that <see cref="Save"/> writes.</summary>
    public static bool CanWrite(string path) => PictureFormat.Of(path)?.Write is not null;

    /// <summary>Throws, before any work is done for it, where a picture could not be written: unknown extension, folder missing or unwritable.</summary>
    /// <exception cref="EdsrException">It could not.</exception>
    public static void RequireWritable(string path)
    {
        _ = WrittenFormatOf(path);
        AtomicFile.RequireWritable(path);
    }

    /// <summary>The same for a picture of known size.</summary>
    /// <param name="path">The file to be written.</param>
    /// <param name="width">Width of the picture to come.</param>
    /// <param name="height">Height of the picture to come.</param>
    /// <param name="transparent">Whether it will have pixels that are not opaque.</param>
    /// <exception cref="EdsrException">It could not be written, or the format cannot hold it.</exception>
    public static void RequireWritable(string path, int width, int height, bool transparent)
    {
        RequireWritable(path);
        var format = WrittenFormatOf(path);
        if (Math.Max(width, height) > format.MaxSide)
            throw new EdsrException($"Cannot write {path}: {width} × {height} pixels, but {format.Name} ends at {format.MaxSide} along a side{(format.MaxSide < PictureFormat.Png.MaxSide ? "; write PNG or TIFF" : "")}.");
        if (transparent && !format.Alpha)
            throw new EdsrException($"Cannot write {path}: {format.Name} cannot hold the picture's transparency; write PNG, WebP or TIFF.");
    }

    /// <summary>
    /// Writes a picture in the format of the path's extension: PNG, lossless WebP, deflated TIFF, or JPEG of quality 95 without chroma
    /// subsampling (an alpha that is opaque everywhere is left out there). The file appears whole or not at all; one that is there
    /// is replaced. The ICC profile goes along if it is one for the picture's kind, grey or RGB.
    /// </summary>
    /// <exception cref="EdsrException">The format cannot hold the picture, or it cannot be written there.</exception>
    public static void Save(Picture picture, string path)
    {
        RequireWritable(path, picture.Width, picture.Height, transparent: !picture.IsOpaque);
        var format = WrittenFormatOf(path);
        AtomicFile.Write(path, part =>
        {
            using var file = new FileStream(part, FileMode.Create, FileAccess.ReadWrite, FileShare.None);
            try
            {
                Encode(picture, format, file);
            }
            catch (VipsException problem)
            {
                throw new EdsrException($"Cannot write {path}: {problem.Message.ReplaceLineEndings(" ").Trim()}.", problem);
            }
        });
    }

    /// <summary>The bytes of the PNG file that <see cref="Save"/> would write.</summary>
    public static byte[] EncodePng(Picture picture)
    {
        using var bytes = new MemoryStream();
        Encode(picture, PictureFormat.Png, bytes);
        return bytes.ToArray();
    }

    /// <summary>Writes a picture into a stream that can be read and sought in; what it throws is thrown.</summary>
    /// <exception cref="VipsException">libvips gave up.</exception>
    internal static void Encode(Picture picture, PictureFormat format, Stream stream)
    {
        using var image = ToImage(picture, format.Alpha);
        StreamTarget.Write(stream, target => format.Write!(image, target));
    }

    private static Image ToImage(Picture picture, bool withAlpha)
    {
        int colours = picture.Channels <= 2 ? 1 : 3;
        using var samples = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, picture.Channels, Enums.BandFormat.Uchar);
        using var kept = withAlpha ? samples.Copy() : samples.ExtractBand(0, colours);
        var image = kept.Copy(interpretation: colours == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        if (picture.IccProfile is not { } profile || !IsFor(profile, colours))
            return image;
        using (image)
            return image.Mutate(mutable => mutable.Set(GValue.BlobType, PictureReader.IccField, profile));
    }

    /// <summary>Whether the profile's header (ICC.1, 7.2) names the colour space of a picture with that many colour channels.</summary>
    private static bool IsFor(byte[] profile, int colours) =>
        profile.Length >= 128 && profile.AsSpan(16, 4).SequenceEqual(colours == 1 ? "GRAY"u8 : "RGB "u8);

    private static PictureFormat WrittenFormatOf(string path) => PictureFormat.Of(path) switch
    {
        { Write: not null } format => format,
        { Name: var name } => throw new EdsrException($"Cannot write {path}: {name} is read, not written; what can be written ends in {PictureFormat.WrittenExtensions}."),
        null => throw new EdsrException($"Cannot write {path}: its extension is none of {PictureFormat.WrittenExtensions}."),
    };
}
