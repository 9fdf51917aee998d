using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace EdsrIlgpu.Weights.Safetensors;

/// <summary>Writes safetensors of 32-bit or 16-bit floats: the same tensors and metadata give the same bytes.</summary>
internal static class SafetensorsWriter
{
    // The header is padded with spaces so that the data begin at a multiple of this.
    private const int Alignment = 8;

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensors">Name, shape and values, in the order in which they are written.</param>
    /// <param name="metadata">Written in the order of their keys.</param>
    /// <param name="half">Which tensors become 16-bit floats, rounded to the nearest; none if null.</param>
    public static void Write(
        Stream stream, IReadOnlyList<(string Name, int[] Shape, float[] Values)> tensors, IReadOnlyDictionary<string, string> metadata, Predicate<string>? half = null)
    {
        bool IsHalf(string name) => half?.Invoke(name) ?? false;
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            json.WriteStartObject(SafetensorsReader.MetadataKey);
            foreach (var (key, value) in metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                json.WriteString(key, value);
            json.WriteEndObject();
            long offset = 0;
            foreach (var (name, shape, values) in tensors)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", IsHalf(name) ? "F16" : "F32");
                WriteArray(json, "shape", shape.Select(size => (long)size));
                WriteArray(json, "data_offsets", [offset, offset += values.LongLength * (IsHalf(name) ? TensorType.Float16 : TensorType.Float32).Bytes]);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        while (header.Length % Alignment != 0)
            header.WriteByte((byte)' ');

        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        header.WriteTo(stream);
        foreach (var (name, _, values) in tensors)
            stream.Write(IsHalf(name) ? MemoryMarshal.AsBytes(Array.ConvertAll(values, v => (Half)v).AsSpan()) : MemoryMarshal.AsBytes(values.AsSpan()));
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IEnumerable<long> values)
    {
        json.WriteStartArray(name);
        foreach (long value in values)
            json.WriteNumberValue(value);
        json.WriteEndArray();
    }
}
