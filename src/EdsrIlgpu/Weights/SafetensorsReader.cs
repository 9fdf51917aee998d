using System.Buffers.Binary;
using System.Text.Json;

namespace EdsrIlgpu.Weights;

/// <summary>
/// Reads safetensors: a 64-bit little-endian header length, a JSON header {name: {dtype, shape, data_offsets}, __metadata__}, raw
/// data. As the format demands, the tensors cover the data without gap or overlap.
/// </summary>
internal static class SafetensorsReader
{
    /// <summary>The kind of file, for people.</summary>
    public const string Container = "safetensors";

    /// <summary>Bytes that a header may have. The format allows 100 MB, which take seconds to read; a tensor's entry has about a hundred.</summary>
    public const long LongestHeader = 8 << 20;

    // As many as are read from a pickle.
    private const int MostTensors = 20_000;

    /// <summary>Name of the header's entry that is no tensor.</summary>
    public const string MetadataKey = "__metadata__";

    private static readonly Dictionary<string, TensorType> Types = new()
    {
        ["F64"] = TensorType.Float64,
        ["F32"] = TensorType.Float32,
        ["F16"] = TensorType.Float16,
        ["BF16"] = TensorType.BFloat16,
        ["F8_E4M3"] = TensorType.Float8E4M3,
        ["F8_E5M2"] = TensorType.Float8E5M2,
        ["I64"] = TensorType.Int64,
        ["I32"] = TensorType.Int32,
        ["I16"] = TensorType.Int16,
        ["I8"] = TensorType.Int8,
        ["U64"] = TensorType.UInt64,
        ["U32"] = TensorType.UInt32,
        ["U16"] = TensorType.UInt16,
        ["U8"] = TensorType.UInt8,
        ["BOOL"] = TensorType.Bool,
        ["C64"] = TensorType.Complex64,
    };

    /// <summary>Reads the header; the data stay in the stream until they are asked for.</summary>
    /// <exception cref="WeightFileException">The file breaks the format.</exception>
    public static (OrderedDictionary<string, StoredTensor> Tensors, IReadOnlyDictionary<string, string> Metadata) Read(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[8];
        stream.ReadExactly(prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > LongestHeader)
            throw Damaged($"its header claims {length} bytes");
        if ((long)length > stream.Length - prefix.Length)
            throw Damaged($"its header claims {length} bytes, and the whole file has {stream.Length}; it is truncated");
        var header = new byte[length];
        stream.ReadExactly(header);
        try
        {
            using var json = JsonDocument.Parse(header, new JsonDocumentOptions { AllowDuplicateProperties = false, MaxDepth = 4 });
            return Read(json.RootElement, stream, prefix.Length + (long)length);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            // What JsonElement throws where the text is no JSON, or a value has another type than the format demands.
            throw Damaged($"its header cannot be understood ({Printable.Name(problem.Message)})", problem);
        }
    }

    private static (OrderedDictionary<string, StoredTensor>, IReadOnlyDictionary<string, string>) Read(JsonElement header, Stream stream, long dataStart)
    {
        var metadata = new Dictionary<string, string>();
        var tensors = new OrderedDictionary<string, StoredTensor>();
        var places = new List<(long Begin, long End, string Name)>();
        foreach (var property in header.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                foreach (var entry in property.Value.EnumerateObject())
                    metadata[entry.Name] = entry.Value.GetString() ?? throw Damaged($"the metadata {Printable.Name(entry.Name)} are null");
                continue;
            }
            if (tensors.Count == MostTensors)
                throw Damaged($"it has more than {MostTensors} tensors");
            string name = Printable.Name(property.Name), dtype = property.Value.GetProperty("dtype").GetString() ?? "";
            if (!Types.TryGetValue(dtype, out var type))
                throw Damaged($"{name} has the unknown type '{Printable.Name(dtype)}'");
            long[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(e => e.GetInt64())];
            long[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(e => e.GetInt64())];
            if (offsets is not [>= 0 and var begin, var end] || end < begin || end > stream.Length - dataStart)
                throw Damaged($"{name} lies at bytes [{string.Join(", ", offsets)}], and there are {stream.Length - dataStart}");
            if (shape.Any(size => size < 0) || StoredTensor.Product([.. shape, type.Bytes]) != end - begin)
                throw Damaged($"{name} is {dtype} {Printable.Shape(shape)} and has {end - begin} bytes");
            var storage = new TensorStorage(type, (end - begin) / type.Bytes) { Source = TensorStorage.At(stream, dataStart + begin) };
            tensors.Add(property.Name, new StoredTensor(storage, shape));
            places.Add((begin, end, name));
        }
        RequireCover(places, stream.Length - dataStart);
        return (tensors, metadata);
    }

    private static void RequireCover(List<(long Begin, long End, string Name)> places, long length)
    {
        long covered = 0;
        foreach (var (begin, end, name) in places.Order())
        {
            if (begin != covered)
                throw Damaged(begin < covered ? $"{name} overlaps another tensor" : $"nothing is said of the {begin - covered} bytes before {name}");
            covered = end;
        }
        if (covered != length)
            throw Damaged($"nothing is said of its last {length - covered} bytes");
    }

    private static WeightFileException Damaged(string what, Exception? inner = null) => WeightFileException.Damaged(Container, what, inner);
}
