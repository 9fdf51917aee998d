namespace EdsrIlgpu.Imaging.Reading;

/// <summary>A Huffman code of a JPEG file (ITU-T T.81, C.2 and F.2.2.3).</summary>
internal sealed class HuffmanCode
{
    private const int MaxLength = 16;

    private readonly byte[] symbols;

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
    }

    /// <summary>The symbol whose code bits begin with.</summary>
    /// <param name="bits">Sixteen bits.</param>
    /// <param name="length">How many of them are the code; 0 if there is no such code.</param>
    /// <returns>The symbol; −1 if there is none.</returns>
    public int Find(int bits, out int length)
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
