using System.Globalization;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights;

/// <summary>What an EDSR's safetensors file says about itself, so that nothing has to be guessed; what else it says passes through.</summary>
internal static class EdsrMetadata
{
    private const string Architecture = "architecture", Name = "EDSR";
    private const string Blocks = "blocks", Features = "features", Scale = "scale", Channels = "channels", Tied = "tied_blocks", Skip = "global_skip", SubPixel = "sub_pixel_output";
    private const string ResidualScale = "residual_scale", Gain = "range_gain", InputOffset = "range_input_offset", OutputOffset = "range_output_offset";

    private static readonly string[] Keys = [Architecture, Blocks, Features, Scale, Channels, Tied, Skip, SubPixel, ResidualScale, Gain, InputOffset, OutputOffset];

    /// <summary>A model's own metadata, and its configuration.</summary>
    public static IReadOnlyDictionary<string, string> Write(EdsrModel model)
    {
        var config = model.Config;
        return new Dictionary<string, string>(model.Metadata)
        {
            [Architecture] = Name,
            [Blocks] = Text(config.Blocks),
            [Features] = Text(config.Features),
            [Scale] = Text(config.Scale),
            [Channels] = Text(config.Channels),
            [Tied] = Text(config.TiedBlocks),
            [Skip] = Text(config.GlobalSkip),
            [SubPixel] = Text(config.SubPixelOutput),
            [ResidualScale] = Text(config.ResidualScale),
            [Gain] = Text(config.Range.Gain),
            [InputOffset] = Text(config.Range.InputOffset),
            [OutputOffset] = Text(config.Range.OutputOffset),
        };
    }

    /// <summary>What a file of another kind says of its network beside its tensors; null where it does not.</summary>
    public static IReadOnlyDictionary<string, string> Write(float? residualScale, PixelRange? range)
    {
        var metadata = new Dictionary<string, string> { [Architecture] = Name };
        if (residualScale is { } scale)
            metadata.Add(ResidualScale, Text(scale));
        if (range is not null)
            (metadata[Gain], metadata[InputOffset], metadata[OutputOffset]) = (Text(range.Gain), Text(range.InputOffset), Text(range.OutputOffset));
        return metadata;
    }

    /// <summary>The configuration with what the metadata know better than the tensors; as it is if they are no EDSR's.</summary>
    /// <exception cref="WeightFileException">The metadata contradict the tensors, or one of them is no number.</exception>
    public static EdsrConfig Apply(IReadOnlyDictionary<string, string> metadata, EdsrConfig inferred)
    {
        if (!IsOwn(metadata))
            return inferred;
        foreach (var (key, value) in (KeyValuePair<string, string>[])
            [
                new(Blocks, Text(inferred.Blocks)), new(Features, Text(inferred.Features)), new(Scale, Text(inferred.Scale)),
                new(Channels, Text(inferred.Channels)), new(Tied, Text(inferred.TiedBlocks)), new(Skip, Text(inferred.GlobalSkip)),
                new(SubPixel, Text(inferred.SubPixelOutput)),
            ])
            if (metadata.TryGetValue(key, out var stated) && stated != value)
                throw new WeightFileException($"contradicts itself: its metadata say {key} {Printable.Name(stated)}, its tensors {value}. Fetch it or write it again.");
        return inferred with
        {
            ResidualScale = Numbers(metadata, ResidualScale, [inferred.ResidualScale])[0],
            Range = new PixelRange(
                Numbers(metadata, Gain, [inferred.Range.Gain])[0],
                Numbers(metadata, InputOffset, inferred.Range.InputOffset, inferred.Channels),
                Numbers(metadata, OutputOffset, inferred.Range.OutputOffset, inferred.Channels)),
        };
    }

    /// <summary>What the metadata say beside the configuration.</summary>
    public static IReadOnlyDictionary<string, string> Others(IReadOnlyDictionary<string, string> metadata) =>
        IsOwn(metadata) ? metadata.Where(entry => !Keys.Contains(entry.Key)).ToDictionary() : metadata;

    /// <summary>Whether they say the range.</summary>
    public static bool StatesRange(IReadOnlyDictionary<string, string> metadata) => IsOwn(metadata) && metadata.ContainsKey(Gain);

    /// <summary>Whether they say the residual scale.</summary>
    public static bool StatesResidualScale(IReadOnlyDictionary<string, string> metadata) => IsOwn(metadata) && metadata.ContainsKey(ResidualScale);

    private static bool IsOwn(IReadOnlyDictionary<string, string> metadata) => metadata.GetValueOrDefault(Architecture) == Name;

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(bool value) => value ? "true" : "false";

    private static string Text(params float[] values) => string.Join(",", values.Select(v => v.ToString(CultureInfo.InvariantCulture)));

    private static float[] Numbers(IReadOnlyDictionary<string, string> metadata, string key, float[] otherwise, int most = 1)
    {
        if (!metadata.TryGetValue(key, out var text))
            return otherwise;
        float[] numbers = [.. text.Split(',').Select(part => float.TryParse(part, CultureInfo.InvariantCulture, out float value) ? value : float.NaN)];
        bool usable = numbers.All(float.IsFinite) && (numbers.Length == 1 || numbers.Length == most) && (key != Gain || numbers[0] > 0);
        return usable ? numbers : throw new WeightFileException($"has unusable metadata: {key} is '{Printable.Name(text)}'. Fetch it or write it again.");
    }
}
