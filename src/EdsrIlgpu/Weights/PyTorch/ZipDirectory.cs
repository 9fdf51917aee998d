using System.Buffers.Binary;

namespace EdsrIlgpu.Weights.PyTorch;

/// <summary>
/// The size of a zip's central directory, its list of parts, which <see cref="System.IO.Compression.ZipArchive"/> reads whole
/// whatever its end record says of their number: it must be known before.
/// </summary>
internal static class ZipDirectory
{
    /// <summary>Bytes that the list may have: more than ten thousand parts.</summary>
    public const int Longest = 2 << 20;

    private const uint EndMark = 0x06054B50, Zip64LocatorMark = 0x07064B50, Zip64EndMark = 0x06064B50;
    private const int EndLength = 22, LongestComment = ushort.MaxValue, Zip64LocatorLength = 20, Zip64EndLength = 56;

    /// <summary>Throws where the list of parts is missing or too long.</summary>
    /// <exception cref="WeightFileException">It is.</exception>
    public static void RequireShort(Stream stream)
    {
        var tail = new byte[Math.Min(stream.Length, EndLength + LongestComment)];
        long tailStart = stream.Length - tail.Length;
        stream.Position = tailStart;
        stream.ReadExactly(tail);
        int at = tail.Length - EndLength;
        while (at >= 0 && BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at)) != EndMark)
            at--;
        if (at < 0)
            throw Damaged("its list of parts is missing; perhaps it is truncated");
        // Which of two end records counts depends on what the shorter says of many things; the longer list is what must be short.
        long start = BinaryPrimitives.ReadUInt32LittleEndian(tail.AsSpan(at + 16));
        start = Math.Min(start, Zip64Start(stream, tailStart + at) ?? start);
        if (start < 0 || start > tailStart + at)
            throw Damaged("its list of parts lies outside it");
        if (tailStart + at - start > Longest)
            throw Damaged($"its list of parts has {tailStart + at - start} bytes, and that of weights less than {Longest}");
        stream.Position = 0;
    }

    private static long? Zip64Start(Stream stream, long endPosition)
    {
        Span<byte> locator = stackalloc byte[Zip64LocatorLength], record = stackalloc byte[Zip64EndLength];
        if (!Read(stream, endPosition - Zip64LocatorLength, locator) || BinaryPrimitives.ReadUInt32LittleEndian(locator) != Zip64LocatorMark)
            return null;
        return Read(stream, BinaryPrimitives.ReadInt64LittleEndian(locator[8..]), record) && BinaryPrimitives.ReadUInt32LittleEndian(record) == Zip64EndMark
            ? BinaryPrimitives.ReadInt64LittleEndian(record[48..])
            : throw Damaged("its end record is broken");
    }

    private static bool Read(Stream stream, long position, Span<byte> buffer)
    {
        if (position < 0 || position > stream.Length - buffer.Length)
            return false;
        stream.Position = position;
        stream.ReadExactly(buffer);
        return true;
    }

    private static WeightFileException Damaged(string what) => WeightFileException.Damaged("zip", what);
}
