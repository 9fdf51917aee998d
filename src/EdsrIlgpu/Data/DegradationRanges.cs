using System.Globalization;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Data;

/// <summary>How LR patches are made worse, each by strengths of its own; what is null is left out.</summary>
public sealed record DegradationRanges
{
    /// <summary>Quality of a JPEG compression, 1 to 100.</summary>
    public StrengthRange? Jpeg { get; init; }

    /// <summary>Standard deviation of noise in levels of 0–255, 0 to 255.</summary>
    public StrengthRange? Noise { get; init; }

    /// <summary>Standard deviation of a Gaussian blur in LR pixels, 0 to 4.</summary>
    public StrengthRange? Blur { get; init; }

    /// <summary>Reads a list such as <c>jpeg,noise:0-10,blur:1.5</c>: names, each with a range, a single strength, or none for its usual range (jpeg:30-95, noise:0-25, blur:0-2).</summary>
    /// <exception cref="EdsrException">It is no such list.</exception>
    public static DegradationRanges Parse(string text)
    {
        var ranges = new DegradationRanges();
        foreach (string entry in text.Split(','))
        {
            string[] parts = entry.Split(':');
            ranges = (parts[0], parts.Length) switch
            {
                ("jpeg", 1 or 2) when ranges.Jpeg is null => ranges with { Jpeg = Range(entry, parts, new(30, 95), 1, 100) },
                ("noise", 1 or 2) when ranges.Noise is null => ranges with { Noise = Range(entry, parts, new(0, 25), 0, 255) },
                ("blur", 1 or 2) when ranges.Blur is null => ranges with { Blur = Range(entry, parts, new(0, 2), 0, Degradation.MaxBlur) },
                _ => throw new EdsrException($"'{text}' is no list of degradations: jpeg, noise, blur, each once, separated by commas, with a range if it is not the usual one, as in jpeg:30-95,noise:0-25,blur:0-2."),
            };
        }
        if (ranges.Jpeg is { } quality && (quality.Low != (int)quality.Low || quality.High != (int)quality.High))
            throw new EdsrException($"'{text}': JPEG qualities are whole numbers.");
        return ranges;
    }

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString()
    {
        (string Name, StrengthRange? Range)[] all = [("jpeg", Jpeg), ("noise", Noise), ("blur", Blur)];
        return string.Join(',', all.Where(e => e.Range is not null).Select(e => $"{e.Name}:{e.Range}"));
    }

    /// <summary>The strengths of patch <paramref name="index"/> of batch <paramref name="step"/>.</summary>
    internal Degradation Draw(ulong seed, long step, int index)
    {
        var random = Philox.Draw(seed, (uint)RandomPurpose.Degradation, (ulong)step, (uint)index);
        return new Degradation(
            Blur is { } blur ? Between(blur, random.A) : 0,
            Noise is { } noise ? Between(noise, random.B) : 0,
            Jpeg is { } quality ? (int)quality.Low + (int)(PhiloxBlock.Unit(random.C) * ((int)quality.High - (int)quality.Low + 1)) : 0);
    }

    private static float Between(StrengthRange range, uint word) => range.Low + (range.High - range.Low) * PhiloxBlock.Unit(word);

    private static StrengthRange Range(string entry, string[] parts, StrengthRange usual, float least, float most)
    {
        if (parts.Length == 1)
            return usual;
        string[] ends = parts[1].Split('-');
        if (ends.Length <= 2 && Number(ends[0], out float low) && Number(ends[^1], out float high) && low >= least && high <= most && low <= high)
            return new StrengthRange(low, high);
        throw new EdsrException(string.Create(CultureInfo.InvariantCulture, $"'{entry}': {parts[0]} takes a strength or a range within {least}-{most}, such as {parts[0]}:{usual}."));
    }

    private static bool Number(string text, out float value) => float.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
}
