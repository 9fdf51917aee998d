using EdsrIlgpu.Files;
using NetVips;

namespace EdsrIlgpu.Imaging.Reading;

/// <summary>A picture file, found to be one that is read, with its header. What libvips throws becomes an <see cref="EdsrException"/>.</summary>
internal sealed class PictureReader
{
    /// <summary>libvips' name of an ICC profile.</summary>
    public const string IccField = "icc-profile-data";

    private const byte Grey = 128;

    private readonly string path;
    private readonly PictureFormat format;
    private readonly string loader;
    private readonly PngChunks? png;
    private readonly int orientation;
    private readonly (int Width, int Height, int Bands) stored;
    private readonly bool isTiled;

    /// <summary>Reads the header.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostBits">Most bits a sample, 8 or 16.</param>
    /// <exception cref="EdsrException">There is no such file, or it is none that can be read.</exception>
    public PictureReader(string path, int mostBits)
    {
        this.path = path;
        RequireReadable();
        ForgetComplaints();
        try
        {
            using var source = Source.NewFromFile(path);
            loader = FindLoader(source) ?? "";
            format = PictureFormat.ReadBy(loader) ?? throw Unknown();
            png = format == PictureFormat.Png ? ReadChunks() : null;
            using var image = Open(source, Enums.FailOn.None);
            RequireSupported(image, mostBits);
            stored = (image.Width, image.Height, image.Bands);
            orientation = Orientation(image);
            isTiled = image.Contains("tile-width");
            Is16Bit = image.Format == Enums.BandFormat.Ushort;
            IccProfile = image.Contains(IccField) ? (byte[])image.Get(IccField) : null;
        }
        catch (VipsException problem)
        {
            throw Damaged(problem);
        }
    }

    /// <summary>The upright picture's size and channels.</summary>
    public PictureInfo Info => orientation >= 5 ? new(stored.Height, stored.Width, stored.Bands) : new(stored.Width, stored.Height, stored.Bands);

    /// <summary>Whether samples have 16 bits.</summary>
    public bool Is16Bit { get; }

    /// <summary>The ICC profile; null for none.</summary>
    public byte[]? IccProfile { get; }

    /// <summary>What of the file does not go into the picture, in a line; null if all does.</summary>
    public string? LeftOut =>
        loader == PictureFormat.GainMapLoader ? $"{path}: its gain map for HDR screens is left out."
        : png?.Colours is { } colours ? $"{path} has {colours}, which is not carried along: the result will be taken for sRGB."
        : null;

    /// <summary>Throws where the picture has more pixels than that, or more than fit into an array.</summary>
    /// <exception cref="EdsrException">It has.</exception>
    public void RequireAtMost(long maxPixels)
    {
        long pixels = (long)stored.Width * stored.Height, bytes = pixels * stored.Bands * (Is16Bit ? 2 : 1);
        var (width, height, channels) = Info;
        if (pixels > maxPixels)
            throw new EdsrException($"{path}: {width} × {height} pixels are more than the limit of {maxPixels} (--max-pixels){(bytes > Array.MaxLength ? ", and more than the 2 GiB that one picture may take; cut it up" : $"; {pixels} would admit it")}.");
        if (bytes > Array.MaxLength)
            throw new EdsrException($"{path}: {width} × {height} pixels with {channels} channels are larger than 2 GiB, the most one picture may take; cut it up.");
    }

    /// <summary>The upright picture's samples, of which every one is right.</summary>
    /// <param name="channels">The first so many of them.</param>
    /// <exception cref="EdsrException">The file is damaged or cut short.</exception>
    public T[] Decode<T>(int channels) where T : unmanaged
    {
        ForgetComplaints();
        try
        {
            if (format != PictureFormat.Jpeg)
                return DecodeFile<T>(channels);
            byte[] bytes = ReadAll();
            var scan = JpegScanReader.Follow(bytes);
            if (scan?.Problem is not null)
                throw Damaged($": {scan.Problem}, which shows at row {scan.Row} of {stored.Height}");
            // Where the codes were followed to their end, a missing end marker and oddities of the header do no harm.
            return DecodeJpeg<T>(bytes, channels, scan is null ? Enums.FailOn.Warning : Enums.FailOn.None);
        }
        catch (VipsException problem)
        {
            throw Damaged(problem);
        }
    }

    /// <summary>The upright picture's samples of 8 bits, as far as the file has them; what it has not is grey.</summary>
    /// <param name="tell">Told what is wrong or missing.</param>
    /// <exception cref="EdsrException">Nothing of the file can be decoded.</exception>
    public byte[] DecodeWhatThereIs(Action<string>? tell)
    {
        ForgetComplaints();
        try
        {
            return format == PictureFormat.Jpeg ? DecodeAnyJpeg(tell) : DecodeFile<byte>(stored.Bands);
        }
        catch (VipsException problem)
        {
            if (format != PictureFormat.Png && format != PictureFormat.Tiff)
                throw Damaged(problem);
            return DecodeRows(tell, problem);
        }
    }

    private T[] DecodeFile<T>(int channels) where T : unmanaged
    {
        using var source = Source.NewFromFile(path);
        using var image = Open(source, Enums.FailOn.Warning);
        return Samples<T>(image, channels);
    }

    private T[] DecodeJpeg<T>(byte[] bytes, int channels, Enums.FailOn failOn) where T : unmanaged
    {
        using var source = Source.NewFromMemory(bytes);
        using var image = Open(source, failOn);
        return Samples<T>(image, channels);
    }

    private byte[] DecodeAnyJpeg(Action<string>? tell)
    {
        byte[] bytes = ReadAll();
        var scan = JpegScanReader.Follow(bytes);
        string because;
        try
        {
            if (scan?.Problem is null)
                return DecodeJpeg<byte>(bytes, stored.Bands, scan is null ? Enums.FailOn.Warning : Enums.FailOn.None);
            because = $": {scan.Problem}";
        }
        catch (VipsException problem)
        {
            because = Because(problem);
        }
        byte[] samples = Blank();
        // After a hundred complaints libvips gives up.
        int decoded = ReadRows(samples, () => Source.NewFromMemory(bytes), Enums.FailOn.None);
        if (decoded == 0)
            throw Damaged(because);
        string what = scan switch
        {
            { EndsThere: true } when scan.Row <= decoded => Missing(scan.Row, scan.IsCutShort),
            _ when decoded < stored.Height => Missing(decoded, isCutShort: false),
            null => "any of it may be coarse or wrong",
            _ => Wrong(scan.Row),
        };
        tell?.Invoke($"{path} is damaged or cut short{because}; {what}.");
        return Upright(samples);
    }

    /// <summary>The rows before the first that cannot be decoded, of a file that is decoded from top to bottom.</summary>
    private byte[] DecodeRows(Action<string>? tell, VipsException problem)
    {
        byte[] samples = Blank();
        int sound = ReadRows(samples, () => Source.NewFromFile(path), Enums.FailOn.Warning), decoded = sound;
        // Checksums of a PNG may be wrong where its data is right, and TIFF strips may only be complained of; a tile that fails would be
        // taken for another one.
        if (!isTiled)
            decoded = Math.Max(sound, ReadRows(samples, () => Source.NewFromFile(path), format == PictureFormat.Png ? Enums.FailOn.Truncated : Enums.FailOn.Error));
        if (decoded == 0)
            throw Damaged(problem);
        tell?.Invoke($"{path} is damaged or cut short{Because(problem)}; {(decoded < stored.Height ? Missing(decoded, IsCutShort()) : Wrong(sound))}.");
        return Upright(samples);
    }

    /// <summary>Samples of an opaque, mid-grey picture, as it is stored.</summary>
    private byte[] Blank()
    {
        byte[] samples = new byte[stored.Width * stored.Height * stored.Bands];
        Array.Fill(samples, Grey);
        if (stored.Bands is 2 or 4)
            for (int i = stored.Bands - 1; i < samples.Length; i += stored.Bands)
                samples[i] = byte.MaxValue;
        return samples;
    }

    /// <summary>Reads rows until one fails, and says how many did not.</summary>
    private int ReadRows(byte[] samples, Func<Source> opened, Enums.FailOn failOn)
    {
        int y = 0;
        try
        {
            using var source = opened();
            using var image = Open(source, failOn);
            RequireUnchanged(image);
            using var region = Region.New(image);
            for (; y < stored.Height; y++)
                region.Fetch(0, y, stored.Width, 1).CopyTo(samples, y * stored.Width * stored.Bands);
        }
        catch (VipsException)
        {
            // This row.
        }
        return y;
    }

    private byte[] Upright(byte[] samples)
    {
        if (orientation == 1)
            return samples;
        using var image = Image.NewFromMemory(samples, stored.Width, stored.Height, stored.Bands, Enums.BandFormat.Uchar);
        using var told = image.Mutate(mutable => mutable.Set(GValue.GIntType, "orientation", orientation));
        using var turned = told.Autorot();
        return turned.WriteToMemory<byte>();
    }

    private string Missing(int first, bool isCutShort) =>
        $"rows {first}–{stored.Height - 1} of {stored.Height} are missing and grey{(isCutShort ? "" : ", and some above may be wrong")}{AsStored}";

    // What is read wrongly may make sense for a while.
    private string Wrong(int row) => $"it shows at row {row} of {stored.Height}, and rows there, below and above may be wrong{AsStored}";

    private string AsStored => orientation == 1 ? "" : " (rows as stored, before the picture is turned upright)";

    private bool IsCutShort() => format == PictureFormat.Png && Guard(() =>
    {
        using var file = File.OpenRead(path);
        return PngChunks.IsCutShort(file);
    });

    private T[] Samples<T>(Image image, int channels) where T : unmanaged
    {
        RequireUnchanged(image);
        using var chosen = channels == image.Bands ? image.Copy() : image.ExtractBand(0, channels);
        // A file is decoded from top to bottom; to turn it, all of it has to be there first.
        using var all = orientation == 1 ? null : chosen.CopyMemory();
        using var turned = all?.Autorot();
        return (turned ?? chosen).WriteToMemory<T>();
    }

    /// <summary>Throws where the file has become another between header and pixels.</summary>
    private void RequireUnchanged(Image image)
    {
        var format = Is16Bit ? Enums.BandFormat.Ushort : Enums.BandFormat.Uchar;
        if ((image.Width, image.Height, image.Bands, image.Format, Orientation(image)) != (stored.Width, stored.Height, stored.Bands, format, orientation))
            throw new EdsrException($"{path} changed while it was read.");
    }

    // A JPEG file is read without its gain map; libvips would apply it.
    private Image Open(Source source, Enums.FailOn failOn) => format == PictureFormat.Jpeg
        ? Image.JpegloadSource(source, access: Enums.Access.Sequential, failOn: failOn)
        : Image.NewFromSource(source, access: Enums.Access.Sequential, failOn: failOn);

    private void RequireReadable()
    {
        if (Directory.Exists(path))
            throw new EdsrException($"{path} is a folder, not a picture.");
        if (!File.Exists(path))
            throw new EdsrException($"There is no file {path}.");
        Guard(() =>
        {
            InputFile.RequireContent(path);
            using var file = File.OpenRead(path);
            return true;
        });
    }

    private PngChunks ReadChunks()
    {
        var chunks = Guard(() =>
        {
            using var file = File.OpenRead(path);
            return PngChunks.Read(file);
        });
        if (chunks.InflatedTexts > PngChunks.MostText)
            throw new EdsrException($"{path} has texts of more than {PngChunks.MostText >> 20} MiB in it, once they are decompressed: it is made to fill memory, or remove them.");
        if (chunks.Frames > 1)
            throw Several(chunks.Frames);
        return chunks;
    }

    private byte[] ReadAll() => Guard(() => File.ReadAllBytes(path));

    private T Guard<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"Cannot read {path}: {OneLine(problem.Message)}.", problem);
        }
    }

    /// <summary>
    /// Empties libvips' list of complaints, in which those about earlier files still stand that were read all the same; making an
    /// exception of them is what empties it.
    /// </summary>
    private static void ForgetComplaints() => _ = new VipsException("");

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

    private void RequireSupported(Image image, int mostBits)
    {
        // libvips' package has no decoder for HEVC, and libheif says so only when it comes to the pixels.
        if (image.Contains("heif-compression") && image.Get("heif-compression") is string codec and not "av1")
            throw new EdsrException($"{path} is compressed with {codec.ToUpperInvariant()}, as HEIC files are, which is not decoded here; convert it to AVIF, PNG or JPEG.");
        string? kind = image.Interpretation switch
        {
            Enums.Interpretation.Cmyk => "CMYK colours",
            _ when image.Format is Enums.BandFormat.Short || image.Format is Enums.BandFormat.Ushort && mostBits < 16 => $"{Bits(image)} bits a sample",
            _ when image.Format is not (Enums.BandFormat.Uchar or Enums.BandFormat.Ushort) => "samples that are not whole numbers of 8 bits",
            Enums.Interpretation.Bw or Enums.Interpretation.Grey16 when image.Bands <= 2 => null,
            Enums.Interpretation.Srgb or Enums.Interpretation.Rgb16 when image.Bands is 3 or 4 => null,
            _ => "colours that are neither grey nor RGB",
        };
        if (kind is not null)
            throw new EdsrException($"{path} has {kind}, which is not supported yet; convert it to 8 bits a sample, grey or RGB.");
        if (image.Contains("n-pages") && image.Get("n-pages") is int pages and > 1)
            throw Several((uint)pages);
    }

    private static int Bits(Image image) => image.Contains("bits-per-sample") && image.Get("bits-per-sample") is int bits ? bits : 16;

    private static int Orientation(Image image) => image.Contains("orientation") && image.Get("orientation") is int value and >= 1 and <= 8 ? value : 1;

    private EdsrException Unknown() => LooksLikeTiff()
        ? new EdsrException($"{path} is a TIFF file whose directory cannot be read; it may be damaged or cut short.")
        : new EdsrException($"{path} is not a picture that can be read; {PictureFormat.Names} can.");

    /// <summary>Whether the file begins as TIFF does. The rest of its header may lie at its end, and without it libvips sees none.</summary>
    private bool LooksLikeTiff()
    {
        Span<byte> start = stackalloc byte[4];
        using var file = File.OpenRead(path);
        return file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) == start.Length
            && (start.SequenceEqual("II*\0"u8) || start.SequenceEqual("MM\0*"u8) || start.SequenceEqual("II+\0"u8) || start.SequenceEqual("MM\0+"u8));
    }

    private EdsrException Several(uint count) => new($"{path} holds {count} pages or frames, which is not supported yet; save the one you mean as a picture of its own.");

    private EdsrException Damaged(VipsException problem) => Reason(problem) is { } reason && reason.Contains("nsupported", StringComparison.Ordinal)
        ? new($"{path} cannot be decoded: {reason}; convert it to 8 bits a sample in another format.", problem)
        : new($"{path} cannot be decoded{Because(problem)}; it may be damaged or cut short.", problem);

    private EdsrException Damaged(string because) => new($"{path} cannot be decoded{because}; it is damaged or cut short.");

    private static string Because(VipsException problem) => Reason(problem) is { } reason ? $": {reason}" : "";

    /// <summary>The reason that libvips gives, without its line ends and class names; null for none.</summary>
    private static string? Reason(VipsException problem)
    {
        // A general line ("unable to …"), then the reasons, the nearest first, among them what FindLoader left behind, where libheif
        // looked for more of the file, and what a thread says that comes after another one had failed.
        string? reason = problem.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Skip(1).FirstOrDefault(line => !line.StartsWith("VipsForeignLoad:", StringComparison.Ordinal) && !line.Contains("bad seek to", StringComparison.Ordinal) && !line.EndsWith(": load error", StringComparison.Ordinal));
        return reason is null ? null : OneLine(reason[(reason.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..].Replace("source input: ", ""));
    }

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
