using System.Text;

namespace EdsrIlgpu.Weights.Pickles;

/// <summary>
/// A text of a pickle that is too long to be a name. Python's protocol 2 has no byte strings: it writes an array's bytes as the text
/// whose characters have their numbers (latin-1), in UTF-8. It stays in the file until it is read.
/// </summary>
/// <param name="stream">The pickle's stream.</param>
/// <param name="position">Where the UTF-8 begins.</param>
/// <param name="utf8Length">Its bytes.</param>
internal sealed class PickledText(Stream stream, long position, long utf8Length)
{
    private const int Piece = 16 << 10;

    private PickledBytes? bytes;

    /// <summary>The bytes that the text stands for.</summary>
    /// <exception cref="WeightFileException">A character is beyond latin-1.</exception>
    public PickledBytes Latin1() => bytes ??= new PickledBytes(Decode(0, [], toEnd: true), (offset, buffer) => Decode(offset, buffer, toEnd: false));

    /// <summary>The bytes that a short text stands for.</summary>
    /// <exception cref="WeightFileException">A character is beyond latin-1.</exception>
    public static PickledBytes Latin1(string text) =>
        text.All(c => c < 256) ? PickledBytes.Of(Encoding.Latin1.GetBytes(text)) : throw NotLatin1();

    /// <summary>Skips characters, then fills the buffer; the number of characters seen.</summary>
    private long Decode(long skip, Span<byte> buffer, bool toEnd)
    {
        Span<byte> piece = stackalloc byte[Piece];
        long seen = 0, at = 0;
        int lead = -1;
        while (at < utf8Length && (toEnd || seen < skip + buffer.Length))
        {
            var part = piece[..(int)Math.Min(Piece, utf8Length - at)];
            // The stream is shared: whoever reads moves it.
            stream.Position = position + at;
            stream.ReadExactly(part);
            at += part.Length;
            foreach (byte unit in part)
            {
                // Characters up to 255 take one byte, or one of 0xC2 and 0xC3 and another.
                if (lead < 0 && unit is 0xC2 or 0xC3)
                {
                    lead = unit;
                    continue;
                }
                if (lead < 0 ? unit >= 0x80 : (unit & 0xC0) != 0x80)
                    throw NotLatin1();
                if (seen >= skip && seen - skip < buffer.Length)
                    buffer[(int)(seen - skip)] = lead < 0 ? unit : (byte)((lead & 3) << 6 | unit & 0x3F);
                lead = -1;
                seen++;
            }
        }
        return lead < 0 || !toEnd ? seen : throw NotLatin1();
    }

    private static WeightFileException NotLatin1() => WeightFileException.Damaged("pickle", "a text stands for bytes and is none in latin-1");
}
