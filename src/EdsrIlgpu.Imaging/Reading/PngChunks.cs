using System.Buffers.Binary;
using System.IO.Compression;

namespace EdsrIlgpu.Imaging.Reading;

/// <summary>What a PNG file says before its pixels, of what libvips does not tell (PNG specification, third edition, 11.3).</summary>
/// <param name="Frames">Frames of an animation; 1 for a picture.</param>
/// <param name="Colours">What its numbers mean, in a few words, if that is neither sRGB nor said by an ICC profile; null if it is.</param>
/// <param name="InflatedTexts">Bytes that compressed texts take once they are read; counted up to a little more than <see cref="MostText"/>.</param>
internal sealed record PngChunks(uint Frames, string? Colours, long InflatedTexts)
{
    /// <summary>Most bytes of texts that are let through to libpng, which would keep 50 MiB of each.</summary>
    public const long MostText = 64 << 20;

    private const int Signature = 8;

    // Far more than any program writes.
    private const int MostChunks = 10_000;

    // 1/2.2 and the primaries of sRGB in units of 1/100000 (11.3.2), and how far off is near enough.
    private const uint SrgbGamma = 45455;
    private const uint Near = 500;

    private static readonly uint[] SrgbPrimaries = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];

    /// <summary>Reads the chunks before the pixels. What makes no sense is left to libpng.</summary>
    public static PngChunks Read(Stream file)
    {
        uint frames = 1;
        uint? gamma = null;
        uint[]? primaries = null;
        byte[]? cicp = null;
        bool isKnown = false;
        long inflated = 0;
        Span<byte> head = stackalloc byte[8];
        file.Position = Signature;
        for (int i = 0; i < MostChunks && file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length; i++)
        {
            long next = file.Position + BinaryPrimitives.ReadUInt32BigEndian(head) + 4;
            if (next > file.Length || next - 4 - file.Position > Array.MaxLength)
                break;
            var type = head[4..];
            int length = (int)(next - 4 - file.Position);
            if (type.SequenceEqual("IDAT"u8))
                break;
            else if (type.SequenceEqual("acTL"u8) && length == 8)
                frames = BinaryPrimitives.ReadUInt32BigEndian(Body(file, length));
            else if (type.SequenceEqual("gAMA"u8) && length == 4)
                gamma = BinaryPrimitives.ReadUInt32BigEndian(Body(file, length));
            else if (type.SequenceEqual("cHRM"u8) && length == 32)
                primaries = [.. Body(file, length).Chunk(4).Select(value => BinaryPrimitives.ReadUInt32BigEndian(value))];
            else if (type.SequenceEqual("cICP"u8) && length == 4)
                cicp = Body(file, length);
            else if (type.SequenceEqual("sRGB"u8) || type.SequenceEqual("iCCP"u8))
                isKnown = true;
            if (inflated <= MostText && (type.SequenceEqual("zTXt"u8) || type.SequenceEqual("iTXt"u8) || type.SequenceEqual("iCCP"u8)))
                inflated += Inflated(Body(file, length), type[0] == 'i' && type[1] == 'T');
            file.Position = next;
        }
        return new PngChunks(frames, ColoursOf(gamma, primaries, cicp, isKnown), inflated);
    }

    /// <summary>Whether the file ends within a chunk, or without the chunk that is the end.</summary>
    public static bool IsCutShort(Stream file)
    {
        Span<byte> head = stackalloc byte[8];
        file.Position = Signature;
        while (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            long next = file.Position + BinaryPrimitives.ReadUInt32BigEndian(head) + 4;
            // Where bytes are lost, what stands there is no chunk.
            if (head[4..].SequenceEqual("IEND"u8) || head[4..].ContainsAnyExceptInRange((byte)'A', (byte)'z'))
                return false;
            if (next > file.Length)
                break;
            file.Position = next;
        }
        return true;
    }

    private static byte[] Body(Stream file, int length)
    {
        byte[] body = new byte[length];
        file.ReadExactly(body);
        return body;
    }

    /// <summary>cICP goes before iCCP and sRGB, and those before gAMA and cHRM (4.3).</summary>
    private static string? ColoursOf(uint? gamma, uint[]? primaries, byte[]? cicp, bool isKnown)
    {
        // Primaries of BT.709, the transfer of sRGB, RGB, full range (ITU-T H.273).
        if (cicp is not null)
            return cicp is [1, 13, 0, 1] ? null : $"coding-independent code points {string.Join('/', cicp)} (cICP)";
        if (isKnown)
            return null;
        bool otherPrimaries = primaries is not null && primaries.Zip(SrgbPrimaries).Any(pair => Distance(pair.First, pair.Second) > Near);
        bool otherGamma = gamma is { } value && Distance(value, SrgbGamma) > Near;
        return (otherGamma, otherPrimaries) switch
        {
            (true, true) => FormattableString.Invariant($"a gamma of {gamma / 100000.0} and primaries of its own (gAMA, cHRM)"),
            (true, false) => FormattableString.Invariant($"a gamma of {gamma / 100000.0} (gAMA)"),
            (false, true) => "primaries of its own (cHRM)",
            _ => null,
        };
    }

    private static uint Distance(uint a, uint b) => a > b ? a - b : b - a;

    /// <summary>Bytes that the compressed part of a text or profile makes, up to a little more than the limit.</summary>
    /// <param name="body">Keyword, 0, then method and data; iTXt has a flag before the method, then language and translated keyword.</param>
    /// <param name="isInternational">Whether it is iTXt.</param>
    private static long Inflated(byte[] body, bool isInternational)
    {
        int start = Array.IndexOf(body, (byte)0) + 2;
        if (isInternational)
        {
            if (start < 2 || start >= body.Length || body[start - 1] == 0)
                return 0;
            start = Array.IndexOf(body, (byte)0, start + 1) + 1;
            start = start == 0 ? 0 : Array.IndexOf(body, (byte)0, start) + 1;
        }
        if (start < 1 || start >= body.Length)
            return 0;
        long total = 0;
        byte[] piece = new byte[1 << 16];
        try
        {
            using var data = new ZLibStream(new MemoryStream(body, start, body.Length - start), CompressionMode.Decompress);
            for (int read; total <= MostText && (read = data.Read(piece)) > 0;)
                total += read;
        }
        catch (InvalidDataException)
        {
            // libpng leaves such a text out.
        }
        return total;
    }
}
