using System.Buffers.Binary;

namespace EdsrIlgpu.Imaging.Reading;

/// <summary>
/// Follows the Huffman codes of a JPEG file, to see whether its data makes a whole picture: libjpeg draws something of any data and only
/// warns, and libvips looks at its warnings before each 8 rows, so never at those of the last ones, where most damage shows. Files with
/// one scan of sequential Huffman codes of 8 bits can be followed, which most are that are not progressive (ITU-T T.81, annexes B and F).
/// </summary>
internal ref struct JpegScanReader
{
    // Encoders fill up to a word.
    private const int MostPadding = 3;

    // A quantised DC coefficient of 8-bit samples has 11 bits and a sign (F.1.2.1.1).
    private const int MaxDc = 2047;
    private const int MaxSize = 11;

    private readonly ReadOnlySpan<byte> file;
    private readonly HuffmanCode?[] dcCodes = new HuffmanCode?[4];
    private readonly HuffmanCode?[] acCodes = new HuffmanCode?[4];
    private (byte Id, int H, int V)[] components = [];
    private int width;
    private int height;
    private int restartInterval;
    private int at = 2;

    private JpegScanReader(ReadOnlySpan<byte> file) => this.file = file;

    /// <summary>Follows the codes of a file.</summary>
    /// <returns>What is seen; null if the file is of another kind, or its header makes no sense.</returns>
    public static JpegScan? Follow(ReadOnlySpan<byte> file) => new JpegScanReader(file).Read();

    private JpegScan? Read()
    {
        while (NextMarker() is var marker and >= 0)
        {
            if (marker is 0x01 or (>= 0xD0 and <= 0xD8))
                continue;
            if (at + 2 > file.Length)
                return null;
            int length = BinaryPrimitives.ReadUInt16BigEndian(file[at..]);
            if (length < 2 || at + length > file.Length)
                return null;
            var body = file[(at + 2)..(at + length)];
            at += length;
            bool understood = marker switch
            {
                0xC0 or 0xC1 => ReadFrame(body),
                0xC4 => ReadCodes(body),
                // Progressive, lossless, hierarchical or arithmetic.
                >= 0xC2 and <= 0xCF => false,
                0xDD => ReadRestartInterval(body),
                _ => true,
            };
            if (!understood)
                return null;
            if (marker == 0xDA)
                return ReadBlockCodes(body) is { } blocks ? FollowScan(blocks) : null;
        }
        return null;
    }

    /// <summary>The next marker's code, past it; −1 for none.</summary>
    private int NextMarker()
    {
        for (; at + 1 < file.Length; at++)
            if (file[at] == 0xFF && file[at + 1] is not (0x00 or 0xFF))
            {
                at += 2;
                return file[at - 1];
            }
        return -1;
    }

    private bool ReadFrame(ReadOnlySpan<byte> body)
    {
        if (body.Length < 6 || body[0] != 8 || body[5] is 0 or > 4 || body.Length != 6 + 3 * body[5])
            return false;
        height = BinaryPrimitives.ReadUInt16BigEndian(body[1..]);
        width = BinaryPrimitives.ReadUInt16BigEndian(body[3..]);
        components = new (byte, int, int)[body[5]];
        for (int i = 0; i < components.Length; i++)
            components[i] = (body[6 + 3 * i], body[7 + 3 * i] >> 4, body[7 + 3 * i] & 15);
        return width > 0 && height > 0 && Array.TrueForAll(components, c => c.H is >= 1 and <= 4 && c.V is >= 1 and <= 4);
    }

    private readonly bool ReadCodes(ReadOnlySpan<byte> body)
    {
        while (body.Length >= 17)
        {
            var counts = body[1..17];
            int symbols = 0;
            foreach (byte count in counts)
                symbols += count;
            if ((body[0] & 15) > 3 || body[0] > 0x13 || symbols > 256 || 17 + symbols > body.Length)
                return false;
            (body[0] < 0x10 ? dcCodes : acCodes)[body[0] & 15] = new HuffmanCode(counts, body[17..(17 + symbols)]);
            body = body[(17 + symbols)..];
        }
        return body.IsEmpty;
    }

    private bool ReadRestartInterval(ReadOnlySpan<byte> body)
    {
        if (body.Length != 2)
            return false;
        restartInterval = BinaryPrimitives.ReadUInt16BigEndian(body);
        return true;
    }

    /// <summary>The codes of each block of an MCU, with its component; null if the scan has not all components.</summary>
    private readonly (int Component, HuffmanCode Dc, HuffmanCode Ac)[]? ReadBlockCodes(ReadOnlySpan<byte> body)
    {
        if (components.Length == 0 || body.Length != 4 + 2 * components.Length || body[0] != components.Length)
            return null;
        var blocks = new List<(int, HuffmanCode, HuffmanCode)>();
        for (int i = 0; i < components.Length; i++)
        {
            int tables = body[2 + 2 * i];
            if (body[1 + 2 * i] != components[i].Id || tables >> 4 > 3 || (tables & 15) > 3 || dcCodes[tables >> 4] is not { } dc || acCodes[tables & 15] is not { } ac)
                return null;
            // A component by itself comes block by block, whatever its sampling (A.2.2).
            int count = components.Length == 1 ? 1 : components[i].H * components[i].V;
            for (int block = 0; block < count; block++)
                blocks.Add((i, dc, ac));
        }
        return [.. blocks];
    }

    private JpegScan FollowScan((int Component, HuffmanCode Dc, HuffmanCode Ac)[] blocks)
    {
        bool alone = components.Length == 1;
        int mcuWidth = alone ? 8 : 8 * components.Max(c => c.H), mcuHeight = alone ? 8 : 8 * components.Max(c => c.V);
        int across = (width + mcuWidth - 1) / mcuWidth, down = (height + mcuHeight - 1) / mcuHeight;
        var bits = new EntropyBits(file, at);
        Span<int> dc = stackalloc int[components.Length];
        int toRestart = restartInterval, restarts = 0;
        for (int row = 0; row < down; row++)
        {
            // Colours of half the height are smoothed over the edge to the next MCU.
            int sound = Math.Max(0, row * mcuHeight - (mcuHeight > 8 ? 1 : 0));
            for (int column = 0; column < across; column++)
            {
                if (restartInterval > 0 && toRestart-- == 0)
                {
                    if (!bits.Restart(restarts++ % 8))
                        return bits.AtEnd ? Ends(sound, bits) : new("a restart marker is not where it should be", sound);
                    dc.Clear();
                    toRestart = restartInterval - 1;
                }
                foreach (var (component, dcCode, acCode) in blocks)
                {
                    bool valid = FollowBlock(ref bits, dcCode, acCode, ref dc[component]);
                    if (bits.Exhausted)
                        return bits.AtEnd ? Ends(sound, bits) : new("a marker stands within the data", sound);
                    if (!valid)
                        return new("the data is damaged", sound);
                }
            }
        }
        return bits.LeftOver() > MostPadding
            ? new("there is more data than the picture has room for", height - 1)
            : new();
    }

    private static JpegScan Ends(int row, EntropyBits bits) => new("the data ends too early", row, EndsThere: true, IsCutShort: bits.AtEndOfFile);

    /// <summary>Follows a block of 64 coefficients; false where there can be none like it.</summary>
    private static bool FollowBlock(ref EntropyBits bits, HuffmanCode dcCode, HuffmanCode acCode, ref int dc)
    {
        int size = bits.Symbol(dcCode);
        if (size is < 0 or > MaxSize)
            return false;
        dc += bits.Value(size);
        if (Math.Abs(dc) > MaxDc)
            return false;
        for (int k = 1; k < 64; k++)
        {
            int symbol = bits.Symbol(acCode);
            if (symbol < 0)
                return false;
            int run = symbol >> 4;
            size = symbol & 15;
            if (size == 0 && run < 15)
                return true;
            k += run;
            // Sixteen zeros may be said up to the end, a value beyond it not.
            if (size > 0 && k > 63 || size > MaxSize)
                return false;
            bits.Skip(size);
        }
        return true;
    }
}
