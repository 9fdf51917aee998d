namespace EdsrIlgpu.Weights.Pickles;

/// <summary>A byte string of a pickle, as large as it likes: it stays in the file until it is read.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Read">Fills a buffer with the bytes from an offset on.</param>
internal sealed record PickledBytes(long Length, TensorStorage.ByteReader Read)
{
    /// <summary>Bytes at hand.</summary>
    public static PickledBytes Of(byte[] bytes) => new(bytes.Length, (offset, buffer) => bytes.AsSpan((int)offset, buffer.Length).CopyTo(buffer));
}
