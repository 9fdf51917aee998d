using System.Globalization;
using System.Text.RegularExpressions;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Models.Pretrained;

/// <summary>The models among an assembly's resources: those called edsr_{blocks}x{features}_x{scale}.safetensors, one for each scale.</summary>
internal sealed partial class EmbeddedModels
{
    private readonly SortedDictionary<int, string> names = [];
    private readonly Func<string, Stream> open;

    /// <param name="resources">Names of all resources.</param>
    /// <param name="open">Opens one.</param>
    public EmbeddedModels(IEnumerable<string> resources, Func<string, Stream> open)
    {
        this.open = open;
        foreach (string resource in resources)
            if (Name().Match(resource) is { Success: true } match)
                names.Add(int.Parse(match.Groups["scale"].ValueSpan, CultureInfo.InvariantCulture), resource);
        Scales = [.. names.Keys];
    }

    /// <summary>The scales that there are models for, ascending.</summary>
    public IReadOnlyList<int> Scales { get; }

    /// <summary>Reads the model of a scale.</summary>
    /// <exception cref="EdsrException">There is none for it.</exception>
    public EdsrModel Load(int scale)
    {
        if (!names.TryGetValue(scale, out string? name))
            throw new EdsrException(Scales.Count == 0
                ? "This build ships no trained model: give a file (--model), or take bicubic or bilinear."
                : $"No trained model for ×{scale} is shipped, only for {string.Join(", ", Scales.Select(s => $"×{s}"))}: take one of these scales, or give a file (--model).");
        using var stream = open(name);
        return ModelFile.Load(stream, name);
    }

    [GeneratedRegex(@"^edsr_\d+x\d+_x(?<scale>\d+)\.safetensors$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
