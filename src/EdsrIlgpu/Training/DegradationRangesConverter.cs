using System.Text.Json;
using System.Text.Json.Serialization;
using EdsrIlgpu.Data;

namespace EdsrIlgpu.Training;

/// <summary>Degradations in JSON: the text that the command line takes.</summary>
internal sealed class DegradationRangesConverter : JsonConverter<DegradationRanges>
{
    /// <inheritdoc/>
    public override DegradationRanges Read(ref Utf8JsonReader reader, Type type, JsonSerializerOptions options) =>
        DegradationRanges.Parse(reader.GetString() ?? throw new JsonException("Degradations are a text."));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, DegradationRanges value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
