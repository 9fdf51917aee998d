namespace EdsrIlgpu.Imaging.Reading;

/// <summary>The bits of a JPEG scan; beyond the next marker there are zeros (ITU-T T.81, F.1.2.3 and F.2.2.5).</summary>
/// <param name="file">The file.</param>
/// <param name="start">Where the scan's data begins.</param>
internal ref struct EntropyBits(ReadOnlySpan<byte> file, int start)
{
    private readonly ReadOnlySpan<byte> file = file;
    private int position = start;

    // The low `count` bits are next, and of those the last `zeros` are none of the file's.
    private ulong bits;
    private int count;
    private int zeros;

    /// <summary>Whether bits beyond a marker were taken.</summary>
    public readonly bool Exhausted => zeros > count;

    /// <summary>Whether the file ends.</summary>
    public readonly bool AtEndOfFile => PastFill() + 1 >= file.Length;

    /// <summary>Whether the file ends, or the marker for it follows.</summary>
    public readonly bool AtEnd => AtEndOfFile || file[PastFill() + 1] == 0xD9;

    /// <summary>Reads a symbol; −1 if no code begins with the next bits.</summary>
    public int Symbol(HuffmanCode code)
    {
        int symbol = code.Find(Peek(), out int length);
        count -= length;
        return symbol;
    }

    /// <summary>Reads a signed value of <paramref name="size"/> bits, at most 16 (F.2.2.1).</summary>
    public int Value(int size)
    {
        int value = Peek() >> (16 - size);
        count -= size;
        return size > 0 && value >> (size - 1) == 0 ? value - (1 << size) + 1 : value;
    }

    /// <summary>Passes over up to 16 bits.</summary>
    public void Skip(int length)
    {
        _ = Peek();
        count -= length;
    }

    /// <summary>Goes past the restart marker of that number; false if another thing follows.</summary>
    public bool Restart(int number)
    {
        position = PastFill();
        if (count - zeros >= 8 || position + 1 >= file.Length || file[position] != 0xFF || file[position + 1] != 0xD0 + number)
            return false;
        position += 2;
        (bits, count, zeros) = (0, 0, 0);
        return true;
    }

    /// <summary>Bytes between here and the next marker, or the end of the file, that are not zero.</summary>
    public readonly int LeftOver()
    {
        int left = 0;
        for (int at = zeros; at + 8 <= count; at += 8)
            if ((byte)(bits >> at) != 0)
                left++;
        for (int at = position; at + 1 < file.Length; at++)
        {
            if (file[at] == 0xFF && file[at + 1] is not (0 or 0xFF or (>= 0xD0 and <= 0xD7)))
                break;
            if (file[at] is not (0 or 0xFF) || file[at] == 0xFF && file[at + 1] == 0)
                left++;
        }
        return left;
    }

    /// <summary>Where the next marker begins, of which bytes of 0xFF may stand before (B.1.1.2).</summary>
    private readonly int PastFill()
    {
        int at = position;
        while (at + 1 < file.Length && file[at] == 0xFF && file[at + 1] == 0xFF)
            at++;
        return at;
    }

    /// <summary>The next 16 bits.</summary>
    private int Peek()
    {
        if (count < 16)
            Fill();
        return (int)(bits >> (count - 16)) & 0xFFFF;
    }

    private void Fill()
    {
        for (; count <= 56; count += 8)
        {
            int next = 0;
            if (position < file.Length && file[position] != 0xFF)
                next = file[position++];
            else if (position + 1 < file.Length && file[position + 1] == 0)
                (next, position) = (0xFF, position + 2);
            else
                zeros += 8;
            bits = bits << 8 | (uint)next;
        }
    }
}
