using System.Buffers.Binary;
using EdsrIlgpu.Import.Protobuf;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Paddle;

/// <summary>
/// Reads Paddle's <c>.pdiparams</c>, as its <c>save_combine</c> writes it: tensors one after another in the order of their names, which
/// are not in the file. Each is u32 version 0 · u64 levels of detail, per level u64 bytes and data · u32 version 0 · i32 length of a
/// protobuf TensorDesc {1: type, 2: sizes} · the elements. (SerializeToStream and TensorToStream in Paddle's source.)
/// </summary>
internal static class PaddleParameters
{
    /// <summary>The kind of file, for people.</summary>
    public const string Container = "Paddle parameters";

    // A weight has no levels of detail and at most five dimensions.
    private const int MostLevels = 16, MostDimensions = 16, LongestDescription = 256, MostTensors = 100_000;

    private const int HeaderBytes = sizeof(uint) + sizeof(ulong);

    // Paddle's VarType.Type.
    private static readonly Dictionary<long, TensorType> Types = new()
    {
        [0] = TensorType.Bool,
        [1] = TensorType.Int16,
        [2] = TensorType.Int32,
        [3] = TensorType.Int64,
        [4] = TensorType.Float16,
        [5] = TensorType.Float32,
        [6] = TensorType.Float64,
        [20] = TensorType.UInt8,
        [21] = TensorType.Int8,
        [22] = TensorType.BFloat16,
        [23] = TensorType.Complex64,
        [24] = TensorType.Complex128,
    };

    /// <summary>Whether a file that begins so is one: two versions of 0, no levels, and a short description of type and sizes.</summary>
    public static bool IsOne(ReadOnlySpan<byte> start) =>
        start.Length > 20 && start[..16].IndexOfAnyExcept((byte)0) < 0 && BinaryPrimitives.ReadInt32LittleEndian(start[16..]) is > 0 and <= LongestDescription && start[20] == (1 << 3);

    /// <summary>The tensors in the file's order; their values stay in the stream until they are asked for.</summary>
    /// <exception cref="WeightFileException">The file breaks the format.</exception>
    public static List<StoredTensor> Read(Stream stream)
    {
        var tensors = new List<StoredTensor>();
        long position = 0;
        Span<byte> header = stackalloc byte[HeaderBytes];
        while (position < stream.Length)
        {
            if (tensors.Count == MostTensors)
                throw Damaged($"it has more than {MostTensors} tensors");
            Fill(header);
            ulong levels = BinaryPrimitives.ReadUInt64LittleEndian(header[sizeof(uint)..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0 || levels > MostLevels)
                throw Damaged($"{Nth()} begins with something else than version 0");
            for (ulong level = 0; level < levels; level++)
            {
                Fill(header[..sizeof(ulong)]);
                position += Checked(BinaryPrimitives.ReadUInt64LittleEndian(header));
            }
            Fill(header[..(2 * sizeof(uint))]);
            int description = BinaryPrimitives.ReadInt32LittleEndian(header[sizeof(uint)..]);
            if (BinaryPrimitives.ReadUInt32LittleEndian(header) != 0 || description is < 0 or > LongestDescription)
                throw Damaged($"{Nth()} has a description of {description} bytes");
            var bytes = new byte[description];
            Fill(bytes);
            var (type, shape) = MessageReader.Read(new MemoryStream(bytes), bytes.Length, Container, Describe);
            if (shape.Any(size => size < 0) || StoredTensor.Product([.. shape, type.Bytes]) is not { } length)
                throw Damaged($"{Nth()} has the impossible shape {Printable.Shape(shape)}");
            if (length > stream.Length - position)
                throw Damaged($"{Nth()} is {type} {Printable.Shape(shape)}, and {stream.Length - position} bytes are left for its {length}; perhaps it is truncated");
            tensors.Add(new StoredTensor(new TensorStorage(type, length / type.Bytes) { Source = TensorStorage.At(stream, position) }, shape));
            position += length;
        }
        return tensors;

        void Fill(Span<byte> buffer)
        {
            Checked((ulong)buffer.Length);
            stream.Position = position;
            stream.ReadExactly(buffer);
            position += buffer.Length;
        }

        long Checked(ulong length) => length <= (ulong)(stream.Length - position) ? (long)length : throw Damaged($"it breaks off in {Nth()}");

        string Nth() => $"tensor {tensors.Count + 1}";
    }

    /// <summary>A protobuf TensorDesc, here and in programs.</summary>
    public static (TensorType Type, long[] Shape) Describe(MessageReader reader)
    {
        TensorType? type = null;
        var shape = new List<long>();
        while (reader.Next())
            switch (reader.Field)
            {
                case 1:
                    long code = reader.Integer();
                    type = Types.TryGetValue(code, out var known) ? known : throw reader.Damaged($"it has a tensor of the unknown type {code}");
                    break;
                case 2:
                    if (!reader.Integers(shape, MostDimensions))
                        throw reader.Damaged($"it has a tensor of more than {MostDimensions} dimensions");
                    break;
                default:
                    reader.Skip();
                    break;
            }
        return (type ?? throw reader.Damaged("it has a tensor without a type"), [.. shape]);
    }

    private static WeightFileException Damaged(string what) => WeightFileException.Damaged(Container, what);
}
