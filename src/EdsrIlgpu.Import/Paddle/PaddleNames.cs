using EdsrIlgpu.Weights;
using EdsrIlgpu.Weights.Pickles;

namespace EdsrIlgpu.Import.Paddle;

/// <summary>
/// Reads Paddle's <c>.pdiparams.info</c>, which jit.save writes beside the weights: a pickled dictionary of generated name →
/// {structured_name: the name in the network's own state dictionary, …}.
/// </summary>
internal static class PaddleNames
{
    private const string StructuredName = "structured_name";

    /// <summary>The structured names in the order of the generated ones, in which <c>.pdiparams</c> has the weights; null if it lacks any.</summary>
    /// <exception cref="WeightFileException">The pickle is damaged or refused.</exception>
    public static string[]? Read(Stream stream)
    {
        var pickle = new Unpickler(stream, _ => throw WeightFileException.Damaged("Paddle names", "it refers to something outside it")).Load();
        if (pickle is not OrderedDictionary<string, object?> names)
            return null;
        string[] structured = [.. names.OrderBy(name => name.Key, StringComparer.Ordinal)
            .Select(name => (name.Value as OrderedDictionary<string, object?>)?.GetValueOrDefault(StructuredName)).OfType<string>().Distinct()];
        return structured.Length == names.Count ? structured : null;
    }
}
