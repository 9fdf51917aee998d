using Google.Protobuf;

namespace EdsrIlgpu.Tests.Import;

/// <summary>Writes a protobuf message field by field with Google's encoder, which shares nothing with the readers that are tested.</summary>
internal sealed class ProtoWriter
{
    private readonly MemoryStream bytes = new();

    public byte[] ToArray() => bytes.ToArray();

    public ProtoWriter Integer(int field, long value) => Write(field, WireFormat.WireType.Varint, o => o.WriteInt64(value));

    public ProtoWriter Float(int field, float value) => Write(field, WireFormat.WireType.Fixed32, o => o.WriteFloat(value));

    public ProtoWriter Text(int field, string value) => Write(field, WireFormat.WireType.LengthDelimited, o => o.WriteString(value));

    public ProtoWriter Bytes(int field, byte[] value) => Write(field, WireFormat.WireType.LengthDelimited, o => o.WriteBytes(ByteString.CopyFrom(value)));

    public ProtoWriter Message(int field, ProtoWriter value) => Bytes(field, value.ToArray());

    /// <summary>The fields of another message after this one's.</summary>
    public ProtoWriter Raw(ProtoWriter other)
    {
        bytes.Write(other.ToArray());
        return this;
    }

    public ProtoWriter Packed(int field, IEnumerable<long> values) => Write(field, WireFormat.WireType.LengthDelimited, o =>
    {
        o.WriteLength(values.Sum(v => CodedOutputStream.ComputeInt64Size(v)));
        foreach (long value in values)
            o.WriteInt64(value);
    });

    private ProtoWriter Write(int field, WireFormat.WireType type, Action<CodedOutputStream> value)
    {
        using var output = new CodedOutputStream(bytes, leaveOpen: true);
        output.WriteTag(field, type);
        value(output);
        return this;
    }
}
