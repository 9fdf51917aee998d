using System.Buffers.Binary;
using System.Runtime.InteropServices;
using EdsrIlgpu.Import.Protobuf;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.TensorFlow;

/// <summary>
/// Reads the nodes of a protobuf GraphDef: graph.proto, node_def.proto, attr_value.proto and tensor.proto in TensorFlow's source. The
/// contents of tensors stay in the stream.
/// </summary>
internal sealed class GraphReader
{
    /// <summary>The kind of file, for people.</summary>
    public const string Container = "TensorFlow graph";

    private const int MostNodes = 65_536, MostInputs = 16, MostIntegers = 1024, MostDimensions = 16;

    // Elements that repeated values may fill in all, beside one for each byte of the file: more could be claimed from a few bytes.
    private const long MostRepetitions = 65_536;

    // types.proto's DataType.
    private static readonly Dictionary<long, TensorType> Types = new()
    {
        [1] = TensorType.Float32,
        [2] = TensorType.Float64,
        [3] = TensorType.Int32,
        [4] = TensorType.UInt8,
        [5] = TensorType.Int16,
        [6] = TensorType.Int8,
        [9] = TensorType.Int64,
        [10] = TensorType.Bool,
        [11] = TensorType.Int8, // quantised
        [12] = TensorType.UInt8, // quantised
        [14] = TensorType.BFloat16,
        [17] = TensorType.UInt16,
        [19] = TensorType.Float16,
        [22] = TensorType.UInt32,
        [23] = TensorType.UInt64,
    };

    private readonly Stream stream;
    private readonly OrderedDictionary<string, GraphNode> nodes = [];
    private long repetitionsLeft;

    private GraphReader(Stream stream) => (this.stream, repetitionsLeft) = (stream, MostRepetitions + stream.Length);

    /// <summary>The nodes by name, in the file's order.</summary>
    /// <exception cref="WeightFileException">The file breaks the format.</exception>
    public static OrderedDictionary<string, GraphNode> Read(Stream stream)
    {
        var reader = new GraphReader(stream);
        MessageReader.Read(stream, stream.Length, Container, reader.ReadGraph);
        return reader.nodes;
    }

    private bool ReadGraph(MessageReader reader)
    {
        while (reader.Next())
        {
            if (reader.Field != 1)
            {
                reader.Skip();
                continue;
            }
            if (nodes.Count == MostNodes)
                throw reader.Damaged($"it has more than {MostNodes} nodes");
            var node = reader.Message(ReadNode);
            if (!nodes.TryAdd(node.Name, node))
                throw reader.Damaged($"it has two nodes called {Printable.Name(node.Name)}");
        }
        return true;
    }

    private GraphNode ReadNode(MessageReader reader)
    {
        string name = "", op = "";
        List<string>? inputs = null;
        Dictionary<string, string>? texts = null;
        Dictionary<string, IReadOnlyList<long>>? integers = null;
        GraphTensor? value = null;
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    name = reader.Text();
                    break;
                case 2:
                    op = reader.Text();
                    break;
                case 3 when reader.Text() is var input && !input.StartsWith('^') && (inputs ??= []).Count < MostInputs:
                    int colon = input.LastIndexOf(':');
                    // The first output goes without a number; others are no values that an EDSR has.
                    inputs.Add(colon >= 0 && input[colon..] == ":0" ? input[..colon] : input);
                    break;
                case 3:
                    break;
                case 5:
                    var (key, attribute) = reader.Message(ReadEntry);
                    if (attribute.Text is { } text)
                        (texts ??= [])[key] = text;
                    if (attribute.Integers is { } list)
                        (integers ??= [])[key] = list;
                    if (key == "value")
                        value = attribute.Tensor;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        var node = new GraphNode(name, op) { Value = value };
        if (inputs is not null)
            node = node with { Inputs = inputs };
        if (texts is not null)
            node = node with { Texts = texts };
        return integers is null ? node : node with { Integers = integers };
    }

    private (string Key, Attribute Value) ReadEntry(MessageReader reader)
    {
        string key = "";
        Attribute value = default;
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    key = reader.Text();
                    break;
                case 2:
                    value = reader.Message(ReadAttribute);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        return (key, value);
    }

    private Attribute ReadAttribute(MessageReader reader)
    {
        Attribute value = default;
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    value.Integers = reader.Message(ReadList);
                    break;
                case 2:
                    value.Text = reader.Text();
                    break;
                case 3 or 5 or 6: // an integer, a bool, a type
                    value.Integers = [reader.Integer()];
                    break;
                case 8:
                    value.Tensor = reader.Message(ReadTensor);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        return value;
    }

    private static IReadOnlyList<long> ReadList(MessageReader reader)
    {
        var list = new List<long>();
        while (reader.Next())
            if (reader.Field == 3)
                reader.Integers(list, MostIntegers);
            else
                reader.Skip();
        return list;
    }

    private GraphTensor? ReadTensor(MessageReader reader)
    {
        TensorType? type = null;
        long[] shape = [];
        (long Position, long Length)? content = null;
        bool isKnown = true;
        var values = new MemoryStream();
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    type = Types.TryGetValue(reader.Integer(), out var known) ? known : null;
                    break;
                case 2:
                    shape = reader.Message(ReadShape);
                    break;
                case 4:
                    content = reader.Bytes();
                    break;
                case 5 when reader.IsBytes: // floats, packed
                    values.Write(reader.Content());
                    break;
                case 5:
                    WriteInteger(values, BitConverter.SingleToInt32Bits(reader.Float()), sizeof(float));
                    break;
                case 7: // integers of up to 32 bits, packed or not
                    var integers = new List<long>();
                    isKnown &= reader.Integers(integers, MostIntegers);
                    foreach (long integer in integers)
                        WriteInteger(values, integer, (type ?? TensorType.Int32).Bytes);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        if (type is not { } t || !isKnown)
            return null;
        if (shape.Any(size => size < 0) || StoredTensor.Product([.. shape, t.Bytes]) is not { } bytes)
            throw reader.Damaged($"it has a tensor of the impossible shape {Printable.Shape(shape)}");
        long count = bytes / t.Bytes;
        if (content is { Length: > 0 } raw)
            return raw.Length == bytes
                ? new GraphTensor(new TensorStorage(t, count) { Source = TensorStorage.At(stream, raw.Position) }, shape)
                : throw reader.Damaged($"it has a tensor of type {t} and shape {Printable.Shape(shape)} with {raw.Length} bytes");
        if (values.Length == bytes)
            return new GraphTensor(new TensorStorage(t, count) { Source = (offset, buffer) => values.GetBuffer().AsSpan((int)offset, buffer.Length).CopyTo(buffer) }, shape);
        if (values.Length > bytes || values.Length % t.Bytes != 0)
            throw reader.Damaged($"it has a tensor of type {t} and shape {Printable.Shape(shape)} with {values.Length} bytes");
        // Other numbers than floats and small integers have fields of their own, which no weight is in.
        if ((values.Length == 0 && t is not (TensorType.Float32 or TensorType.Int32)) || count > repetitionsLeft)
            return null;
        repetitionsLeft -= count;
        return new GraphTensor(new TensorStorage(t, count) { Source = (offset, buffer) => Repeat(values, t.Bytes, offset, buffer) }, shape);
    }

    private static long[] ReadShape(MessageReader reader)
    {
        var shape = new List<long>();
        while (reader.Next())
            if (reader.Field == 2)
                shape.Add(shape.Count < MostDimensions ? reader.Message(ReadSize) : throw reader.Damaged($"it has a tensor of more than {MostDimensions} dimensions"));
            else
                reader.Skip();
        return [.. shape];
    }

    private static long ReadSize(MessageReader reader)
    {
        long size = 0;
        while (reader.Next())
            if (reader.Field == 1)
                size = reader.Integer();
            else
                reader.Skip();
        return size;
    }

    /// <summary>Of too few values the last is repeated; of none, zeros.</summary>
    private static void Repeat(MemoryStream values, int width, long offset, Span<byte> buffer)
    {
        buffer.Clear();
        var stored = values.GetBuffer().AsSpan(0, (int)values.Length);
        for (int i = 0; i < buffer.Length && stored.Length > 0; i += width)
            stored.Slice((int)Math.Min(offset + i, stored.Length - width), width).CopyTo(buffer[i..]);
    }

    private static void WriteInteger(MemoryStream to, long value, int width)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        to.Write(bytes[..width]);
    }

    /// <summary>What is kept of an AttrValue.</summary>
    [StructLayout(LayoutKind.Auto)]
    private struct Attribute
    {
        public string? Text;
        public IReadOnlyList<long>? Integers;
        public GraphTensor? Tensor;
    }
}
