using System.Buffers.Binary;
using System.Text.Json;

namespace EdsrIlgpu.Weights.Safetensors;

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

    // As many tensors as are read from a pickle.
    private const int MostEntries = 20_000, MostDimensions = 64;

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
            var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 4 });
            return Read(ref json, stream, prefix.Length + (long)length);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // What the reader throws where the text is no JSON, or a name or a text is no Unicode.
            throw NotUnderstood(Printable.Name(problem.Message), problem);
        }
    }

    private static (OrderedDictionary<string, StoredTensor>, IReadOnlyDictionary<string, string>) Read(ref Utf8JsonReader json, Stream stream, long dataStart)
    {
        Dictionary<string, string>? metadata = null;
        var tensors = new OrderedDictionary<string, StoredTensor>();
        var places = new List<(long Begin, long End, string Name)>();
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            if (key == MetadataKey)
            {
                metadata = metadata is null ? Metadata(ref json) : throw NotUnderstood($"it has two {MetadataKey}");
                continue;
            }
            if (tensors.Count == MostEntries)
                throw Damaged($"it has more than {MostEntries} tensors");
            string name = Printable.Name(key);
            var (dtype, shape, offsets) = Entry(ref json, name);
            if (!Types.TryGetValue(dtype, out var type))
                throw Damaged($"{name} has the unknown type '{Printable.Name(dtype)}'");
            if (offsets is not [>= 0 and var begin, var end] || end < begin || end > stream.Length - dataStart)
                throw Damaged($"{name} lies at bytes {Printable.Shape(offsets)}, and there are {stream.Length - dataStart}; perhaps it is truncated");
            if (shape.Any(size => size < 0) || StoredTensor.Product([.. shape, type.Bytes]) != end - begin)
                throw Damaged($"{name} is {dtype} {Printable.Shape(shape)} and has {end - begin} bytes");
            var storage = new TensorStorage(type, (end - begin) / type.Bytes) { Source = TensorStorage.At(stream, dataStart + begin) };
            if (!tensors.TryAdd(key, new StoredTensor(storage, shape)))
                throw NotUnderstood($"it has two tensors called {name}");
            places.Add((begin, end, name));
        }
        // Behind the object only white space may follow.
        if (json.TokenType != JsonTokenType.EndObject || json.Read())
            throw NotUnderstood("it is more than one object");
        RequireCover(places, stream.Length - dataStart);
        return (tensors, metadata ?? []);
    }

    private static Dictionary<string, string> Metadata(ref Utf8JsonReader json)
    {
        var metadata = new Dictionary<string, string>();
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
        {
            string key = json.GetString()!;
            if (metadata.Count == MostEntries)
                throw Damaged($"it has more than {MostEntries} metadata");
            if (Next(ref json) != JsonTokenType.String)
                throw NotUnderstood($"the metadata {Printable.Name(key)} are no text");
            if (!metadata.TryAdd(key, json.GetString()!))
                throw NotUnderstood($"it has the metadata {Printable.Name(key)} twice");
        }
        return metadata;
    }

    /// <summary>The three properties of a tensor, in any order; others are passed over.</summary>
    private static (string Type, long[] Shape, long[] Offsets) Entry(ref Utf8JsonReader json, string name)
    {
        (string? type, long[]? shape, long[]? offsets) = (null, null, null);
        Expect(ref json, JsonTokenType.StartObject);
        while (Next(ref json) == JsonTokenType.PropertyName)
            if (json.ValueTextEquals("dtype"u8) && type is null)
            {
                Expect(ref json, JsonTokenType.String);
                type = json.GetString();
            }
            else if (json.ValueTextEquals("shape"u8) && shape is null)
                shape = Numbers(ref json, name);
            else if (json.ValueTextEquals("data_offsets"u8) && offsets is null)
                offsets = Numbers(ref json, name);
            else if (json.ValueTextEquals("dtype"u8) || json.ValueTextEquals("shape"u8) || json.ValueTextEquals("data_offsets"u8))
                throw NotUnderstood($"{name} says {json.GetString()} twice");
            else
                json.Skip();
        return type is not null && shape is not null && offsets is not null ? (type, shape, offsets) : throw NotUnderstood($"{name} lacks dtype, shape or data_offsets");
    }

    private static long[] Numbers(ref Utf8JsonReader json, string name)
    {
        var numbers = new List<long>();
        Expect(ref json, JsonTokenType.StartArray);
        while (Next(ref json) != JsonTokenType.EndArray)
            numbers.Add(numbers.Count == MostDimensions ? throw Damaged($"{name} has more than {MostDimensions} dimensions") :
                json.TokenType == JsonTokenType.Number && json.TryGetInt64(out long number) ? number : throw NotUnderstood($"{name} has something else than whole numbers"));
        return [.. numbers];
    }

    private static JsonTokenType Next(ref Utf8JsonReader json) => json.Read() ? json.TokenType : throw NotUnderstood("it ends too early");

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (Next(ref json) != type)
            throw NotUnderstood($"it has {json.TokenType} where {type} is needed");
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

    private static WeightFileException NotUnderstood(string what, Exception? inner = null) => Damaged($"its header cannot be understood ({what})", inner);

    private static WeightFileException Damaged(string what, Exception? inner = null) => WeightFileException.Damaged(Container, what, inner);
}
