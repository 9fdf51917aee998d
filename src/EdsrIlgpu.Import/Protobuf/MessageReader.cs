using EdsrIlgpu.Weights;
using Google.Protobuf;

namespace EdsrIlgpu.Import.Protobuf;

/// <summary>
/// Walks the fields of a protobuf message and of those nested in it, by their numbers. Long runs of bytes are told by where they
/// lie, and stay in the stream.
/// </summary>
internal sealed class MessageReader
{
    // Far beyond any name; what is longer is no text that is looked for here.
    private const int LongestText = 65_536;

    private readonly string container;
    private readonly CodedInputStream input;
    private readonly long start;
    private long end;
    private uint tag;

    /// <param name="stream">Seekable; read from its position on.</param>
    /// <param name="length">Bytes of the message.</param>
    /// <param name="container">The kind of file, for messages.</param>
    public MessageReader(Stream stream, long length, string container)
    {
        (this.container, start, end) = (container, stream.Position, length);
        input = new CodedInputStream(stream, leaveOpen: true);
    }

    /// <summary>Number of the field that <see cref="Next"/> came to.</summary>
    public int Field => WireFormat.GetTagFieldNumber(tag);

    /// <summary>Whether that field is a run of bytes: bytes, text, a message, or packed numbers.</summary>
    public bool IsBytes => WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited;

    /// <summary>Reads a whole file, whose errors become those of weight files.</summary>
    /// <exception cref="WeightFileException">It breaks protobuf's format.</exception>
    public static T Read<T>(Stream stream, long length, string container, Func<MessageReader, T> read)
    {
        try
        {
            return read(new MessageReader(stream, length, container));
        }
        catch (InvalidProtocolBufferException problem)
        {
            throw WeightFileException.Damaged(container, $"it breaks off or breaks protobuf's format ({Printable.Name(problem.Message)})", problem);
        }
    }

    /// <summary>Comes to the message's next field; false at its end. Each field must be read or skipped.</summary>
    public bool Next()
    {
        if (input.Position > end)
            throw Damaged("a field is longer than the message that it is in");
        if (input.Position == end)
            return false;
        tag = input.ReadTag();
        if (tag == 0)
            throw Damaged("it breaks off");
        if (WireFormat.GetTagWireType(tag) is WireFormat.WireType.StartGroup or WireFormat.WireType.EndGroup)
            throw Damaged("it has a group, which no such file has");
        return true;
    }

    /// <summary>Passes over the field.</summary>
    public void Skip() => input.SkipLastField();

    /// <summary>The field as a message, whose fields <paramref name="read"/> goes through to the end.</summary>
    public T Message<T>(Func<MessageReader, T> read)
    {
        long length = Length(), outer = end;
        end = input.Position + length;
        var result = read(this);
        end = outer;
        return result;
    }

    /// <summary>The field as text.</summary>
    public string Text()
    {
        Require(IsBytes);
        string text = input.ReadString();
        return text.Length <= LongestText ? text : throw Damaged($"a name has {text.Length} characters");
    }

    /// <summary>The field as an integer; text of more bits than the type is cut as protobuf does.</summary>
    public long Integer()
    {
        Require(WireFormat.GetTagWireType(tag) == WireFormat.WireType.Varint);
        return input.ReadInt64();
    }

    /// <summary>The field as a float.</summary>
    public float Float()
    {
        Require(WireFormat.GetTagWireType(tag) == WireFormat.WireType.Fixed32);
        return input.ReadFloat();
    }

    /// <summary>The field as a double.</summary>
    public double Double()
    {
        Require(WireFormat.GetTagWireType(tag) == WireFormat.WireType.Fixed64);
        return input.ReadDouble();
    }

    /// <summary>Adds the field, integers packed or a single one, to a list, up to so many; false if there are more, which are dropped.</summary>
    public bool Integers(List<long> list, int most)
    {
        if (!IsBytes)
            return Add(Integer());
        bool all = true;
        long last = Length() + input.Position;
        while (input.Position < last)
            all &= Add(input.ReadInt64());
        return input.Position == last ? all : throw Damaged("a field is longer than the message that it is in");

        bool Add(long value)
        {
            if (list.Count == most)
                return false;
            list.Add(value);
            return true;
        }
    }

    /// <summary>The field's bytes.</summary>
    public ReadOnlySpan<byte> Content()
    {
        Require(IsBytes);
        return input.ReadBytes().Span;
    }

    /// <summary>Where the field's bytes lie in the stream, and how many they are.</summary>
    public (long Position, long Length) Bytes()
    {
        // The library has no way to pass over them and say how many they were.
        int length = Content().Length;
        return (start + input.Position - length, length);
    }

    /// <summary>The message of a file that breaks its format.</summary>
    public WeightFileException Damaged(string what) => WeightFileException.Damaged(container, what);

    private long Length()
    {
        Require(IsBytes);
        ulong length = input.ReadUInt64();
        return length <= (ulong)(end - input.Position) ? (long)length : throw Damaged($"a field of {length} bytes is longer than the message that it is in");
    }

    private void Require(bool isSo)
    {
        if (!isSo)
            throw Damaged($"its field {Field} has another type than the format demands");
    }
}
