using System.Buffers.Binary;
using EdsrIlgpu.Files;
using EdsrIlgpu.Weights.Pickles;
using EdsrIlgpu.Weights.PyTorch;
using EdsrIlgpu.Weights.Safetensors;

namespace EdsrIlgpu.Weights;

/// <summary>A weight file, open: the tensors that it holds by name, in the file's order, read on demand.</summary>
internal sealed class TensorFile : IDisposable
{
    private readonly Stream stream;

    /// <param name="stream">What the tensors are read from; disposed with this.</param>
    public TensorFile(Stream stream) => this.stream = stream;

    /// <summary>Bytes of the stream.</summary>
    public long Length => stream.Length;

    /// <summary>The kind of file, for people.</summary>
    public string Container { get; init; } = "";

    /// <summary>The tensors by name.</summary>
    public OrderedDictionary<string, StoredTensor> Tensors { get; init; } = [];

    /// <summary>What the file says about itself.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What the file says of its network, by the keys of <see cref="EdsrMetadata"/>: its metadata, unless its reader knows it otherwise.</summary>
    public IReadOnlyDictionary<string, string> Network { get => field ?? Metadata; init; }

    /// <summary>Whose names its tensors have, where its reader gave them EDSR-PyTorch's; else null.</summary>
    public string? KeyStyle { get; init; }

    /// <summary>Why it is no EDSR, where its reader knows that better than the tensors' names; else null.</summary>
    public string? Problem { get; init; }

    /// <summary>Opens a file; its kind is recognised by its content.</summary>
    /// <exception cref="EdsrException">There is no such file, or it cannot be opened.</exception>
    /// <exception cref="WeightFileException">It is no weight file, or a damaged one.</exception>
    public static TensorFile Open(string path) => Open(path, Read);

    /// <summary>Opens a file of whatever kind is read.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="read">Reads from a stream's beginning and disposes it with the result.</param>
    /// <exception cref="EdsrException">There is no such file, or it cannot be opened.</exception>
    /// <exception cref="WeightFileException">It is no weight file, or a damaged one.</exception>
    public static TensorFile Open(string path, Func<Stream, TensorFile> read)
    {
        if (Directory.Exists(path))
            throw new EdsrException($"{path} is a folder: give a weight file.");
        if (!File.Exists(path))
            throw new EdsrException($"{path} does not exist: check its name.");
        FileStream stream;
        try
        {
            InputFile.RequireContent(path);
            stream = File.OpenRead(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"{path} cannot be opened: {problem.Message}", problem);
        }
        return Open(stream, read);
    }

    /// <summary>Opens a stream, which is disposed with the result, or at once if it is refused.</summary>
    /// <exception cref="WeightFileException">It holds no weight file, or a damaged one.</exception>
    public static TensorFile Open(Stream stream, Func<Stream, TensorFile> read)
    {
        try
        {
            return read(stream);
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Reads from the beginning of a stream, which is disposed with the result.</summary>
    /// <exception cref="WeightFileException">It holds no weight file, or a damaged one.</exception>
    public static TensorFile Read(Stream stream)
    {
        if (!stream.CanSeek)
            throw new WeightFileException("is a device or a pipe: give a file.");
        if (stream.Length == 0)
            throw new WeightFileException("is empty: fetch it or write it again.");
        Span<byte> start = stackalloc byte[FileSignature.Length];
        start = start[..stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
        stream.Position = 0;

        if (start.StartsWith("PK\u0003\u0004"u8))
            return new TensorFile(stream) { Container = PyTorchZipReader.Container, Tensors = PyTorchZipReader.Read(stream) };
        // Before pickles: a header of 640 bytes has the first bytes of one.
        if (start.Length >= 9 && start[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) <= SafetensorsReader.LongestHeader)
        {
            var (tensors, metadata) = SafetensorsReader.Read(stream);
            return new TensorFile(stream) { Container = SafetensorsReader.Container, Tensors = tensors, Metadata = metadata };
        }
        if (start is [Unpickler.ProtocolMark, >= 2 and <= 5, ..])
        {
            var (container, tensors) = PickleReader.Read(stream);
            return new TensorFile(stream) { Container = container, Tensors = tensors };
        }
        throw new WeightFileException(FileSignature.Of(start));
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
