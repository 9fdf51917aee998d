namespace EdsrIlgpu.Imaging.Reading;

/// <summary>A Huffman code of a JPEG file (ITU-T T.81, C.2 and F.2.2.3).</summary>
internal sealed class HuffmanCode
{
    private const int MaxLength = 16;

    // Codes of so many bits at most, which nearly all are that occur, are looked up.
    private const int ShortLength = 9;

    private readonly byte[] symbols;

    // By the next bits: length << 8 | symbol; 0 where a longer code, or none, begins with them.
    private readonly ushort[] shortCodes = new ushort[1 << ShortLength];

    // By length: the first code beyond those of that length, with zeros after it up to 16 bits, and what makes a code its symbol's place.
    private readonly int[] ends = new int[MaxLength + 1];
    private readonly int[] places = new int[MaxLength + 1];

    /// <summary>From a table as files have it.</summary>
    /// <param name="counts">How many codes there are of 1 to 16 bits.</param>
    /// <param name="symbols">The symbols, by code.</param>
    public HuffmanCode(ReadOnlySpan<byte> counts, ReadOnlySpan<byte> symbols)
    {
        this.symbols = symbols.ToArray();
        for (int length = 1, code = 0, place = 0; length <= MaxLength; length++)
        {
            places[length] = place - code;
            code += counts[length - 1];
            place += counts[length - 1];
            ends[length] = code << (MaxLength - length);
            code <<= 1;
        }
        for (int bits = 0; bits < shortCodes.Length; bits++)
            if (Search(bits << (MaxLength - ShortLength), out int length) is var symbol and >= 0 && length <= ShortLength)
                shortCodes[bits] = (ushort)(length << 8 | symbol);
    }

    /// <summary>The symbol whose code bits begin with.</summary>
    /// <param name="bits">Sixteen bits.</param>
    /// <param name="length">How many of them are the code; 0 if there is no such code.</param>
    /// <returns>The symbol; −1 if there is none.</returns>
    public int Find(int bits, out int length)
    {
        int known = shortCodes[bits >> (MaxLength - ShortLength)];
        length = known >> 8;
        return known > 0 ? known & 0xFF : Search(bits, out length);
    }

    private int Search(int bits, out int length)
    {
        for (length = 1; length <= MaxLength; length++)
            if (bits < ends[length])
            {
                int place = (bits >> (MaxLength - length)) + places[length];
                return place < symbols.Length ? symbols[place] : -1;
            }
        length = 0;
        return -1;
    }
}
