using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Graphs;

/// <summary>What a graph that is no EDSR seems to be.</summary>
internal static class OperationList
{
    private const int Shown = 8;

    /// <summary>Its commonest operations, as "Its operations are Conv2D (12), Relu (4) and 3 other kinds".</summary>
    /// <param name="types">The type of each of its operations.</param>
    public static string Describe(IEnumerable<string> types)
    {
        KeyValuePair<string, int>[] all = [.. types.CountBy(type => type).OrderByDescending(type => type.Value)];
        string shown = string.Join(", ", all.Take(Shown).Select(type => $"{Printable.Name(type.Key)} ({type.Value})"));
        return all.Length == 0 ? "It has no operations" : $"Its operations are {shown}{(all.Length > Shown ? $" and {all.Length - Shown} other kinds" : "")}";
    }
}
