using System.Buffers.Binary;
using System.Text;
using EdsrIlgpu.Weights.Safetensors;

namespace EdsrIlgpu.Weights;

/// <summary>What a file that is no weight file seems to be, by its first bytes, and what to do about it.</summary>
internal static class FileSignature
{
    /// <summary>Bytes that <see cref="Of"/> looks at.</summary>
    public const int Length = 512;

    /// <summary>Of an archive of torch.jit.save.</summary>
    public const string TorchScript =
        "is a TorchScript archive, which holds a program: in Python, torch.save(torch.jit.load(FILE).state_dict(), \"weights.pt\"), and give that.";

    private const string Convert = "export its weights to safetensors, with EDSR's names";
    private const string Unpack = "unpack it and give the weight file in it";
    private const string Picture = "a picture, not a weight file: give a safetensors, .pt, .pth or .pdparams file";

    // First bytes, at an offset; longer ones before shorter ones that they begin with.
    private static readonly (int Offset, byte[] Bytes, string What)[] Signatures =
    [
        (0, [0x89, .. "HDF\r\n"u8], $"an HDF5 file, as Keras writes: {Convert}"),
        (0, [0x93, .. "NUMPY"u8], $"a NumPy array: {Convert}"),
        (0, [.. "GGUF"u8], $"a GGUF file: {Convert}"),
        (4, [.. "TFL3"u8], $"a TensorFlow Lite model: {Convert}"),
        (4, [.. "PTMF"u8], $"a PyTorch model for phones, which holds a program: {Convert}"),
        (0, [.. "7767517"u8], "an ncnn .param file, which describes a network without its weights: give the file that it was converted from"),
        (0, [0x89, .. "PNG"u8], Picture),
        (0, [0xFF, 0xD8, 0xFF], Picture),
        (0, [.. "GIF8"u8], Picture),
        (8, [.. "WEBP"u8], Picture),
        (0, [.. "II*\0"u8], Picture),
        (0, [.. "MM\0*"u8], Picture),
        (4, [.. "ftypavif"u8], Picture),
        (4, [.. "ftypheic"u8], Picture),
        (0, [0x1F, 0x8B], $"compressed by gzip: {Unpack}"),
        (0, [0xFD, .. "7zXZ"u8], $"compressed by xz: {Unpack}"),
        (0, [.. "BZh"u8], $"compressed by bzip2: {Unpack}"),
        (0, [0x28, 0xB5, 0x2F, 0xFD], $"compressed by zstd: {Unpack}"),
        (0, [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], $"a 7z archive: {Unpack}"),
        (0, [.. "Rar!"u8], $"a RAR archive: {Unpack}"),
        (257, [.. "ustar"u8], $"a tar archive: {Unpack}"),
        (0, [.. "PK\u0005\u0006"u8], "an empty zip: fetch it again"),
        (0, [.. "%PDF"u8], "a PDF document: give a weight file"),
        (0, [0x7F, .. "ELF"u8], "a program: give a weight file"),
        (0, [.. "MZ"u8], "a program: give a weight file"),
    ];

    // Beginnings of texts, after white space, in lower case.
    private static readonly (string Start, string What)[] Texts =
    [
        ("version https://git-lfs.github.com", "a Git LFS pointer, which stands for the file in a repository: fetch the file itself with 'git lfs pull', or download it from the repository's page"),
        ("<!doctype html", "a web page that was saved in place of the file: download it again, perhaps after signing in, from the link of the file itself"),
        ("<html", "a web page that was saved in place of the file: download it again, perhaps after signing in, from the link of the file itself"),
        ("<?xml", "an XML document, such as a server sends for a file that it has not: download it again and look at its address"),
        ("<error", "an XML document, such as a server sends for a file that it has not: download it again and look at its address"),
        ("{", "a JSON document: give the weight file that it belongs to"),
    ];

    /// <summary>The rest of a sentence that begins with the file's name.</summary>
    /// <param name="start">The file's first bytes, up to <see cref="Length"/>.</param>
    public static string Of(ReadOnlySpan<byte> start)
    {
        foreach (var (offset, bytes, what) in Signatures)
            if (start.Length > offset && start[offset..].StartsWith(bytes))
                return $"is {what}.";
        string text = Encoding.UTF8.GetString(start).TrimStart('\uFEFF', ' ', '\t', '\r', '\n').ToLowerInvariant();
        foreach (var (beginning, what) in Texts)
            if (text.StartsWith(beginning, StringComparison.Ordinal))
                return $"is {what}.";
        if (IsSavedModel(start))
            return "is a TensorFlow SavedModel, whose weights lie in other files: freeze its graph, or export its weights to safetensors, with EDSR's names.";
        if (IsOnnx(start))
            return $"seems to be an ONNX model: {Convert}.";
        if (start.IndexOfAnyExcept((byte)0) < 0)
            return "begins with zeros, perhaps after a download that was cut: fetch it again.";
        if (start.Length > 8 && start[8] == '{' && BinaryPrimitives.ReadUInt64LittleEndian(start) is var header && header > SafetensorsReader.LongestHeader)
            return $"is no sound {SafetensorsReader.Container} file: its header claims {header} bytes. Fetch it or write it again.";
        return text.Length > 0 && !text.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t') || c == '\uFFFD')
            ? "is a text: give a safetensors, .pt, .pth or .pdparams file."
            : "is no weight file that can be read: give a safetensors file, a .pt or .pth file of PyTorch, or a .pdparams file of Paddle.";
    }

    /// <summary>The same for a zip that PyTorch did not write.</summary>
    /// <param name="names">Of its parts.</param>
    public static string OfZip(IReadOnlyCollection<string> names) =>
        names.Any(name => name.EndsWith(".npy", StringComparison.Ordinal)) ? $"is a NumPy archive of arrays: {Convert}."
        : names.Any(name => name.EndsWith(".weights.h5", StringComparison.Ordinal)) ? $"is a Keras model: {Convert}."
        : names.Any(name => name.EndsWith(".pt", StringComparison.Ordinal) || name.EndsWith(".pth", StringComparison.Ordinal) || name.EndsWith(".safetensors", StringComparison.Ordinal))
            ? $"is a zip around {Printable.Names(names)}: {Unpack}."
        : $"is a zip without data.pkl, so PyTorch did not write it; it has {(names.Count == 0 ? "nothing" : Printable.Names(names))}: give a safetensors, .pt, .pth or .pdparams file.";

    /// <summary>A protocol buffer whose first field is the schema's version, always 1, and whose second is a graph.</summary>
    private static bool IsSavedModel(ReadOnlySpan<byte> start) => start is [0x08, 1, 0x12, >= 0x80, ..];

    /// <summary>A protocol buffer whose first field is a small version and whose second is the producer's name.</summary>
    private static bool IsOnnx(ReadOnlySpan<byte> start) =>
        start is [0x08, <= 20, 0x12, > 2 and < 40, ..] && start.Length > 6 && start.Slice(4, 3).IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0;
}
