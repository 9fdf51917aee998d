using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using EdsrIlgpu.Weights.Pickles;

namespace EdsrIlgpu.Weights.PyTorch;

/// <summary>
/// Reads what <c>torch.save</c> wrote before version 1.6: five pickles in a row (magic number, protocol 1001, system, the object,
/// the keys of the storages), then per key a 64-bit count and the raw elements, little-endian whatever machine wrote them
/// (torch/csrc/serialization.cpp); of the count that is true of its last versions only.
/// </summary>
internal static class PyTorchLegacyReader
{
    /// <summary>The kind of file, for people.</summary>
    public const string Container = "legacy PyTorch";

    private const long Protocol = 1001;

    private static readonly BigInteger Magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Whether a file's first pickle is that of this format.</summary>
    public static bool IsMagic(object? first) => first is BigInteger magic && magic == Magic;

    /// <summary>The tensors; their values stay in the stream until they are asked for.</summary>
    /// <param name="stream">Behind the first pickle.</param>
    /// <exception cref="WeightFileException">The file is damaged, or refused.</exception>
    public static OrderedDictionary<string, StoredTensor> Read(Stream stream)
    {
        var storages = new PyTorchStorages();
        if (Next() is not Protocol)
            throw Damaged("its protocol is unknown");
        Next();
        var result = Next();
        if (Next() is not List<object?> keys)
            throw Damaged("its list of storages is missing");
        Locate(storages, keys, stream);
        return PickledTensors.Of(result);

        object? Next() => new Unpickler(stream, storages.Find).Load();
    }

    private static void Locate(PyTorchStorages storages, List<object?> keys, Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        foreach (var item in keys)
        {
            string key = Unpickler.Key(item);
            if (!storages.ByKey.TryGetValue(key, out var storage) || storage.Source is not null)
                throw Damaged($"its storage {Printable.Name(key)} belongs to no tensor, or comes twice");
            if (stream.Length - stream.Position < prefix.Length)
                throw Damaged("it is truncated");
            stream.ReadExactly(prefix);
            long count = BinaryPrimitives.ReadInt64LittleEndian(prefix);
            if (count != storage.Count && BinaryPrimitives.ReverseEndianness(count) != storage.Count)
                throw Damaged($"its storage {Printable.Name(key)} has {count} elements and should have {storage.Count}");
            if (storage.Count > (stream.Length - stream.Position) / storage.Type.Bytes)
                throw Damaged("it is truncated");
            storage.Source = TensorStorage.At(stream, stream.Position);
            stream.Position += storage.Count * storage.Type.Bytes;
        }
        if (storages.ByKey.FirstOrDefault(entry => entry.Value.Source is null).Key is { } missing)
            throw Damaged($"its storage {Printable.Name(missing)} is missing");
    }

    private static WeightFileException Damaged(string what) => WeightFileException.Damaged(Container, what);
}
