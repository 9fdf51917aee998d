using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace EdsrIlgpu.Tests.Fuzzing;

/// <summary>Makes damaged and hostile files out of sound ones. The same seed and the same files give the same mutants.</summary>
internal sealed class Mutator
{
    // Mutants may grow, but not without bound: many small ones find more than a few large ones.
    private const int MostGrowth = 4096;

    private static readonly long[] Interesting =
    [
        0, 1, -1, 2, 3, 4, 7, 8, 9, 16, 32, 64, 100, 127, 128, 255, 256, 1000, 1024, 4096, 32767, 32768, 65535, 65536, 1 << 20, 100_000_000,
        int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40, 1L << 60, long.MaxValue, long.MinValue, -2, -4, -128, -32768,
    ];

    private readonly Random random;
    private readonly List<byte[]> pool;
    private readonly Func<byte[], byte[]>[] mutations;

    /// <param name="seed">Of the random numbers.</param>
    /// <param name="files">What mutants are made of.</param>
    public Mutator(int seed, IEnumerable<byte[]> files)
    {
        (random, pool) = (new Random(seed), [.. files]);
        mutations = [FlipBit, SetByte, SetInteger, ChangeLength, SetNumeral, Truncate, Insert, Delete, Duplicate, Move, Splice, Transplant];
    }

    /// <summary>A file that mutants are made of from now on, too.</summary>
    public void Add(byte[] file) => pool.Add(file);

    /// <summary>The next mutant: one of the files after one to eight mutations, few more often than many.</summary>
    public byte[] Next()
    {
        var original = pool[random.Next(pool.Count)];
        var file = original;
        int count = 1;
        while (count < 8 && random.Next(2) == 0)
            count++;
        for (int i = 0; i < count; i++)
            file = mutations[random.Next(mutations.Length)](file);
        return file.Length <= original.Length + MostGrowth ? file : file[..(original.Length + MostGrowth)];
    }

    private byte[] FlipBit(byte[] file) => Change(file, 1, bytes => bytes[0] ^= (byte)(1 << random.Next(8)));

    private byte[] SetByte(byte[] file) => Change(file, 1, bytes => bytes[0] = (byte)random.Next(256));

    /// <summary>An integer at the edge of something, of any width and byte order, anywhere.</summary>
    private byte[] SetInteger(byte[] file)
    {
        int width = 1 << random.Next(4);
        long value = random.Next(4) == 0 ? file.Length + random.Next(-2, 3) : Interesting[random.Next(Interesting.Length)];
        bool big = random.Next(4) == 0;
        return Change(file, width, bytes => Write(bytes, value, big));
    }

    /// <summary>What looks like a length in the file, made a little or much larger or smaller.</summary>
    private byte[] ChangeLength(byte[] file)
    {
        for (int attempt = 0; attempt < 32; attempt++)
        {
            int width = 1 << random.Next(4);
            if (file.Length < width)
                continue;
            int at = random.Next(file.Length - width + 1);
            long value = Read(file.AsSpan(at, width));
            if (value <= 0 || value > file.Length)
                continue;
            long changed = random.Next(5) switch { 0 => value + 1, 1 => value - 1, 2 => value * 2, 3 => -value, _ => Interesting[random.Next(Interesting.Length)] };
            var copy = (byte[])file.Clone();
            Write(copy.AsSpan(at, width), changed, false);
            return copy;
        }
        return SetInteger(file);
    }

    /// <summary>A number in digits, replaced by another.</summary>
    private byte[] SetNumeral(byte[] file)
    {
        for (int attempt = 0; attempt < 64 && file.Length > 0; attempt++)
        {
            int start = random.Next(file.Length);
            if (!char.IsAsciiDigit((char)file[start]))
                continue;
            int end = start;
            while (start > 0 && char.IsAsciiDigit((char)file[start - 1]))
                start--;
            while (end < file.Length && char.IsAsciiDigit((char)file[end]))
                end++;
            string numeral = random.Next(8) == 0 ? "1e9" : Interesting[random.Next(Interesting.Length)].ToString(CultureInfo.InvariantCulture);
            return [.. file[..start], .. Encoding.ASCII.GetBytes(numeral), .. file[end..]];
        }
        return SetByte(file);
    }

    private byte[] Truncate(byte[] file) => file[..random.Next(file.Length + 1)];

    private byte[] Insert(byte[] file)
    {
        var inserted = new byte[Length(64)];
        if (random.Next(2) == 0)
            random.NextBytes(inserted);
        else
            Array.Fill(inserted, (byte)random.Next(256));
        int at = random.Next(file.Length + 1);
        return [.. file[..at], .. inserted, .. file[at..]];
    }

    private byte[] Delete(byte[] file)
    {
        var (start, end) = Part(file);
        return [.. file[..start], .. file[end..]];
    }

    private byte[] Duplicate(byte[] file)
    {
        var (start, end) = Part(file);
        var copies = Enumerable.Repeat(file[start..end], Length(16)).SelectMany(part => part).Take(MostGrowth);
        return [.. file[..end], .. copies, .. file[end..]];
    }

    private byte[] Move(byte[] file)
    {
        var (start, end) = Part(file);
        byte[] part = file[start..end], rest = [.. file[..start], .. file[end..]];
        int at = random.Next(rest.Length + 1);
        return [.. rest[..at], .. part, .. rest[at..]];
    }

    /// <summary>The beginning of one file and the end of another.</summary>
    private byte[] Splice(byte[] file)
    {
        var other = pool[random.Next(pool.Count)];
        return [.. file[..random.Next(file.Length + 1)], .. other[random.Next(other.Length + 1)..]];
    }

    /// <summary>A part of another file over a part of this one.</summary>
    private byte[] Transplant(byte[] file)
    {
        var other = pool[random.Next(pool.Count)];
        var (start, end) = Part(other);
        int at = random.Next(file.Length + 1);
        return [.. file[..at], .. other[start..end], .. file[Math.Min(file.Length, at + end - start)..]];
    }

    private static byte[] Change(byte[] file, int width, SpanChange change, int at)
    {
        var copy = (byte[])file.Clone();
        change(copy.AsSpan(at, width));
        return copy;
    }

    private byte[] Change(byte[] file, int width, SpanChange change) =>
        file.Length < width ? file : Change(file, width, change, random.Next(file.Length - width + 1));

    private (int Start, int End) Part(byte[] file)
    {
        int start = random.Next(file.Length + 1);
        return (start, Math.Min(file.Length, start + Length(file.Length)));
    }

    /// <summary>1 to <paramref name="most"/>, small ones as often as large ones.</summary>
    private int Length(int most) => Math.Max(1, Math.Min(most, 1 + random.Next(1 << random.Next(1, 14))));

    private static long Read(ReadOnlySpan<byte> bytes)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        bytes.CopyTo(wide);
        return BinaryPrimitives.ReadInt64LittleEndian(wide);
    }

    private static void Write(Span<byte> bytes, long value, bool big)
    {
        for (int i = 0; i < bytes.Length; i++)
            bytes[big ? bytes.Length - 1 - i : i] = (byte)(value >> (8 * i));
    }

    private delegate void SpanChange(Span<byte> bytes);
}
