using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Graphs;

/// <summary>What a graph that is no EDSR seems to be.</summary>
internal static class OperationList
{
    private const int Shown = 8;

    /// <summary>Its commonest operations, as "Its operations are Conv2D (12), Relu (4) and 3 other kinds".</summary>
    public static string Describe(IEnumerable<(string Type, int Count)> types)
    {
        (string Type, int Count)[] all = [.. types];
        string shown = string.Join(", ", all.Take(Shown).Select(type => $"{Printable.Name(type.Type)} ({type.Count})"));
        return all.Length == 0 ? "It has no operations" : $"Its operations are {shown}{(all.Length > Shown ? $" and {all.Length - Shown} other kinds" : "")}";
    }
}
