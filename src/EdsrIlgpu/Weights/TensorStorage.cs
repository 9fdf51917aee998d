namespace EdsrIlgpu.Weights;

/// <summary>A run of elements in a file, read on demand.</summary>
/// <param name="type">Type of the elements.</param>
/// <param name="count">Number of elements.</param>
internal sealed class TensorStorage(TensorType type, long count)
{
    /// <summary>Fills the buffer with the storage's bytes from an offset on.</summary>
    public delegate void ByteReader(long offset, Span<byte> buffer);

    /// <summary>Type of the elements.</summary>
    public TensorType Type => type;

    /// <summary>Number of elements.</summary>
    public long Count => count;

    /// <summary>Where the bytes come from; null until the reader has found them in the file.</summary>
    public ByteReader? Source { get; set; }

    /// <summary>Reads from a position of a seekable stream.</summary>
    public static ByteReader At(Stream stream, long position) => (offset, buffer) =>
    {
        stream.Position = position + offset;
        stream.ReadExactly(buffer);
    };

    /// <summary>What another reader reads, each element's bytes turned round: of big-endian elements little-endian ones.</summary>
    public static ByteReader Swapped(ByteReader reader, int elementBytes) => (offset, buffer) =>
    {
        reader(offset, buffer);
        for (int at = 0; at < buffer.Length; at += elementBytes)
            buffer.Slice(at, elementBytes).Reverse();
    };

    /// <summary>Bytes of the elements from <paramref name="first"/> on.</summary>
    public void Read(long first, Span<byte> buffer) => Source!(first * type.Bytes, buffer);

    /// <summary>A part of this storage as a storage of its own.</summary>
    public TensorStorage View(long first, long length) =>
        new(type, length) { Source = (offset, buffer) => Source!(first * type.Bytes + offset, buffer) };
}
