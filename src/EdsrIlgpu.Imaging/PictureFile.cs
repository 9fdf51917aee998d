using System.Runtime.CompilerServices;
using EdsrIlgpu.Data;
using EdsrIlgpu.Files;
using NetVips;

namespace EdsrIlgpu.Imaging;

/// <summary>
/// Picture files ↔ <see cref="Picture"/>: PNG, JPEG, WebP and TIFF with 8 bits a sample, grey or RGB, with or without alpha; palettes are
/// expanded. Files are read by what they hold, not by their names. Every failure is an <see cref="EdsrException"/> of one line that
/// names the file.
/// </summary>
public static class PictureFile
{
    /// <summary>The pixel limit where none is given: 16384 × 16384.</summary>
    public const long DefaultMaxPixels = 1L << 28;

    static PictureFile()
    {
        // libvips prints what it finds odd about a file to stderr; what matters arrives as an exception.
        Log.SetLogHandler("VIPS", Enums.LogLevelFlags.Warning, (_, _, _) => { });
        // Every operation here runs once; its cache would only keep the last pictures' memory.
        Cache.Max = 0;
    }

    /// <summary>Reads the header alone.</summary>
    /// <exception cref="EdsrException">There is no such file, or it is no picture that <see cref="Load"/> would take.</exception>
    public static PictureInfo ReadInfo(string path) => Read(path, 8, (image, _) => Info(image));

    /// <summary>
    /// Reads a picture. Its EXIF orientation is applied, its ICC profile carried along. A damaged or truncated file is refused, and so
    /// is what would lose bits or colours: 16 bits a sample, floats, CMYK, more than one page.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">Most pixels to decode; larger pictures are refused by their header.</param>
    /// <exception cref="EdsrException">The file cannot be read or is refused.</exception>
    public static Picture Load(string path, long maxPixels = DefaultMaxPixels) => Read(path, 8, (image, orientation) =>
    {
        var (width, height, channels) = Info(image);
        return new Picture(width, height, channels, Decode<byte>(path, image, orientation, maxPixels))
        {
            IccProfile = image.Contains(IccField) ? (byte[])image.Get(IccField) : null,
        };
    });

    /// <summary>Reads a picture as <see cref="Load"/> does, and one of 16 bits a sample too, in 16 bits. Alpha is left out.</summary>
    /// <param name="path">The file.</param>
    /// <param name="maxPixels">Most pixels to decode; larger pictures are refused by their header.</param>
    /// <exception cref="EdsrException">The file cannot be read or is refused.</exception>
    public static TrainingPicture LoadForTraining(string path, long maxPixels = DefaultMaxPixels) => Read(path, 16, (image, orientation) =>
    {
        var (width, height, channels) = Info(image);
        int colours = channels <= 2 ? 1 : 3;
        using var opaque = colours == channels ? image.Copy() : image.ExtractBand(0, colours);
        return image.Format == Enums.BandFormat.Uchar
            ? new TrainingPicture(width, height, colours, Decode<byte>(path, opaque, orientation, maxPixels))
            : new TrainingPicture(width, height, colours, Decode<ushort>(path, opaque, orientation, maxPixels));
    });

    /// <summary>Whether the extension of <paramref name="path"/> is that of a format that <see cref="Save"/> writes.</summary>
    public static bool CanWrite(string path) => PictureFormat.Of(path) is not null;

    /// <summary>Throws, before any work is done for it, where a picture could not be written: unknown extension, folder missing or unwritable.</summary>
    /// <exception cref="EdsrException">It could not.</exception>
    public static void RequireWritable(string path)
    {
        _ = FormatOf(path);
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
        var format = FormatOf(path);
        if (Math.Max(width, height) > format.MaxSide)
            throw new EdsrException($"Cannot write {path}: {width} × {height} pixels, but {format.Name} ends at {format.MaxSide} along a side; write PNG or TIFF.");
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
        var format = FormatOf(path);
        AtomicFile.Write(path, part =>
        {
            try
            {
                using var image = ToImage(picture, format.Alpha);
                using var target = Target.NewToFile(part);
                format.Write(image, target);
            }
            catch (VipsException e)
            {
                throw new EdsrException($"Cannot write {path}: {Reason(e) ?? "libvips gave up"}, is there room on the disk?", e);
            }
        });
    }

    /// <summary>The bytes of the PNG file that <see cref="Save"/> would write.</summary>
    public static byte[] EncodePng(Picture picture)
    {
        var format = FormatOf(".png");
        using var image = ToImage(picture, format.Alpha);
        using var target = Target.NewToMemory();
        format.Write(image, target);
        return target.Blob;
    }

    private const string IccField = "icc-profile-data";

    /// <summary>The turned samples of an image of that type, if they are not too many.</summary>
    private static T[] Decode<T>(string path, Image image, int orientation, long maxPixels) where T : unmanaged
    {
        var (width, height, channels) = Info(image);
        long pixels = (long)width * height, bytes = pixels * channels * Unsafe.SizeOf<T>();
        if (pixels > maxPixels)
            throw new EdsrException($"{path}: {width} × {height} pixels are more than the limit of {maxPixels} (--max-pixels){(bytes > Array.MaxLength ? ", and more than the 2 GiB that one picture may take; cut it up" : $"; {pixels} would admit it")}.");
        if (bytes > Array.MaxLength)
            throw new EdsrException($"{path}: {width} × {height} pixels with {channels} channels are larger than 2 GiB, the most one picture may take; cut it up.");

        // A file is decoded from top to bottom; to turn it, all of it has to be there first.
        using var all = orientation == 1 ? null : image.CopyMemory();
        using var turned = all?.Autorot();
        return (turned ?? image).WriteToMemory<T>();
    }

    /// <summary>Opens a file, checks its kind, and hands on the image, not yet decoded, and its EXIF orientation.</summary>
    private static T Read<T>(string path, int mostBits, Func<Image, int, T> use)
    {
        RequireReadable(path);
        try
        {
            // Sources take names as they are, where libvips' own file names may end in [options]; nor are they cached.
            using var source = Source.NewFromFile(path);
            if (!PictureFormat.IsRead(FindLoader(source)))
                throw new EdsrException($"{path} is not a picture that can be read; {PictureFormat.Names} can.");
            using var image = Image.NewFromSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
            RequireSupported(path, image, mostBits);
            return use(image, Orientation(image));
        }
        catch (VipsException e)
        {
            throw new EdsrException($"{path} cannot be decoded{(Reason(e) is { } reason ? $": {reason}" : "")}; it may be damaged or cut short.", e);
        }
    }

    private static void RequireReadable(string path)
    {
        if (Directory.Exists(path))
            throw new EdsrException($"{path} is a folder, not a picture.");
        if (!File.Exists(path))
            throw new EdsrException($"There is no file {path}.");
        try
        {
            // Before it is opened: a pipe has no length either, and opening one waits for a writer.
            if (new FileInfo(path).Length == 0)
                throw new EdsrException($"{path} is empty.");
            using var file = File.OpenRead(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"Cannot read {path}: {OneLine(e.Message)}.", e);
        }
    }

    private static string? FindLoader(Source source)
    {
        try
        {
            return Image.FindLoadSource(source);
        }
        catch (VipsException)
        {
            return null;
        }
    }

    private static void RequireSupported(string path, Image image, int mostBits)
    {
        string? kind = image.Interpretation switch
        {
            Enums.Interpretation.Cmyk => "CMYK colours",
            _ when image.Format is Enums.BandFormat.Short || image.Format is Enums.BandFormat.Ushort && mostBits < 16 => "16 bits a sample",
            _ when image.Format is not (Enums.BandFormat.Uchar or Enums.BandFormat.Ushort) => "samples that are not whole numbers of 8 bits",
            Enums.Interpretation.Srgb or Enums.Interpretation.Bw or Enums.Interpretation.Rgb16 or Enums.Interpretation.Grey16 when image.Bands <= 4 => null,
            _ => "colours that are neither grey nor RGB",
        };
        if (kind is not null)
            throw new EdsrException($"{path} has {kind}, which is not supported yet; convert it to 8 bits a sample, grey or RGB.");
        if (image.Contains("n-pages") && image.Get("n-pages") is int pages and > 1)
            throw new EdsrException($"{path} holds {pages} pages or frames, which is not supported yet; save the one you mean as a picture of its own.");
    }

    private static int Orientation(Image image) => image.Contains("orientation") && image.Get("orientation") is int value and >= 1 and <= 8 ? value : 1;

    private static PictureInfo Info(Image image) =>
        Orientation(image) >= 5 ? new(image.Height, image.Width, image.Bands) : new(image.Width, image.Height, image.Bands);

    private static Image ToImage(Picture picture, bool withAlpha)
    {
        int colours = picture.Channels <= 2 ? 1 : 3;
        using var samples = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, picture.Channels, Enums.BandFormat.Uchar);
        using var kept = withAlpha ? samples.Copy() : samples.ExtractBand(0, colours);
        var image = kept.Copy(interpretation: colours == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        if (picture.IccProfile is not { } profile || !IsFor(profile, colours))
            return image;
        using (image)
            return image.Mutate(mutable => mutable.Set(GValue.BlobType, IccField, profile));
    }

    /// <summary>Whether the profile's header (ICC.1, 7.2) names the colour space of a picture with that many colour channels.</summary>
    private static bool IsFor(byte[] profile, int colours) =>
        profile.Length >= 128 && profile.AsSpan(16, 4).SequenceEqual(colours == 1 ? "GRAY"u8 : "RGB "u8);

    private static PictureFormat FormatOf(string path) => PictureFormat.Of(path)
        ?? throw new EdsrException($"Cannot write {path}: its extension is none of {PictureFormat.AllExtensions}.");

    /// <summary>The reason that libvips gives, without its line ends and class names; null for none.</summary>
    private static string? Reason(VipsException e)
    {
        // A general line ("unable to …"), then the reasons, the nearest first, among them what FindLoader left behind.
        string? reason = e.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).FirstOrDefault(line => !line.StartsWith("VipsForeignLoad:", StringComparison.Ordinal));
        return reason is null ? null : OneLine(reason[(reason.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..]);
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
