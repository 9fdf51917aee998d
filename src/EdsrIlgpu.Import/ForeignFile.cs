using EdsrIlgpu.Import.Paddle;
using EdsrIlgpu.Import.TensorFlow;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import;

/// <summary>Opens a weight file of any kind.</summary>
internal static class ForeignFile
{
    // Enough for what tells one protobuf message from another, a long name included.
    private const int StartBytes = 4096;

    /// <summary>Reads from the beginning of a stream, which is disposed with the result.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="path">Its path, beside which another file may belong to it.</param>
    /// <exception cref="WeightFileException">It holds no weight file, or a damaged one.</exception>
    public static TensorFile Read(Stream stream, string path)
    {
        if (!stream.CanSeek)
            return TensorFile.Read(stream);
        var bytes = new byte[StartBytes];
        ReadOnlySpan<byte> start = bytes.AsSpan(0, stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false));
        stream.Position = 0;
        if (PaddleParameters.IsOne(start))
            return PaddleFile.ReadParameters(stream, path);
        if (PaddleProgram.IsOne(start))
            return PaddleFile.ReadProgram(stream, path);
        return FrozenGraph.IsOne(start) ? FrozenGraph.Read(stream) : TensorFile.Read(stream);
    }
}
