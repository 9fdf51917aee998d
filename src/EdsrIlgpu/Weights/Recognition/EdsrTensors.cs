namespace EdsrIlgpu.Weights.Recognition;

/// <summary>
/// The tensors in a file that could be one EDSR's, under EDSR-PyTorch's names whatever the file calls them. They may lie in a
/// wrapper, such as <c>params_ema</c>, <c>state_dict</c> or <c>module</c>, beside other things, such as an optimizer's state.
/// </summary>
internal sealed class EdsrTensors
{
    // Of a file full of parts that look alike only so many are looked at.
    private const int MostCandidates = 16;

    private readonly Dictionary<string, StoredTensor> byName = [];

    private EdsrTensors(KeyStyle style, string prefix) => (Style, Prefix) = (style, prefix);

    /// <summary>How the file names them.</summary>
    public KeyStyle Style { get; }

    /// <summary>What stands before all their names in the file, with the dot; else empty.</summary>
    public string Prefix { get; }

    /// <summary>The tensors by EDSR-PyTorch's names.</summary>
    public IReadOnlyDictionary<string, StoredTensor> ByName => byName;

    /// <summary>The file's names of tensors beside them that have the prefix and are no EDSR's.</summary>
    public List<string> Others { get; } = [];

    /// <summary>Whether they are a running average of the weights, which is better than the last ones.</summary>
    public bool IsAverage => Prefix.Split('.').Any(part => part.Split('_', '-').Contains("ema", StringComparer.OrdinalIgnoreCase));

    /// <summary>The file's name of a tensor, for messages.</summary>
    /// <param name="name">EDSR-PyTorch's.</param>
    public string InFile(string name) => Printable.Name(Prefix + (Style.Stored(name) ?? name));

    /// <summary>Every place in a file where an EDSR may be; the most likely one first, and at least one.</summary>
    public static IReadOnlyList<EdsrTensors> Find(OrderedDictionary<string, StoredTensor> tensors)
    {
        var places = KeyStyle.All
            .SelectMany(style => Prefixes(tensors, style.Head + ".weight").Select(prefix => (Style: style, Prefix: prefix, Likeness: Likeness(tensors, style, prefix))))
            .Where(place => place.Likeness > 0)
            .OrderByDescending(place => place.Likeness).ThenBy(place => place.Prefix.Length)
            .DistinctBy(place => place.Prefix).Take(MostCandidates).ToList();
        if (places.Count == 0)
            places.Add((KeyStyle.All[0], "", 0));
        return [.. places.Select(place => Take(tensors, place.Style, place.Prefix, [.. places.Select(p => p.Prefix)]))];
    }

    private static IEnumerable<string> Prefixes(OrderedDictionary<string, StoredTensor> tensors, string head) =>
        tensors.Keys.Where(name => name.EndsWith(head, StringComparison.Ordinal)).Select(name => name[..^head.Length]).Where(prefix => prefix.Length == 0 || prefix[^1] == '.');

    /// <summary>How many of the names that make a style are there beside the head's.</summary>
    private static int Likeness(OrderedDictionary<string, StoredTensor> tensors, KeyStyle style, string prefix) =>
        ((string[])["body.0.body.0.weight", "tail.0.0.weight", "tail.1.weight"]).Count(name => tensors.ContainsKey(prefix + style.Stored(name)));

    private static EdsrTensors Take(OrderedDictionary<string, StoredTensor> tensors, KeyStyle style, string prefix, IReadOnlyList<string> prefixes)
    {
        var result = new EdsrTensors(style, prefix);
        var names = Names(tensors, style, prefix);
        // What another place has is none of this one's.
        string[] inner = [.. prefixes.Where(other => other.Length > prefix.Length && other.StartsWith(prefix, StringComparison.Ordinal))];
        foreach (var (name, tensor) in tensors)
            if (names.TryGetValue(name, out string? known))
                result.byName.Add(known, tensor);
            else if (name.StartsWith(prefix, StringComparison.Ordinal) && !inner.Any(other => name.StartsWith(other, StringComparison.Ordinal)))
                result.Others.Add(name);
        return result;
    }

    /// <summary>EDSR-PyTorch's name by the file's, of as many blocks and stages as the file has.</summary>
    private static Dictionary<string, string> Names(OrderedDictionary<string, StoredTensor> tensors, KeyStyle style, string prefix)
    {
        var names = new Dictionary<string, string>();
        Add("head.0");
        int blocks = 0;
        for (; blocks <= EdsrLayout.MostBlocks && Has($"body.{blocks}.body.0"); blocks++)
        {
            Add($"body.{blocks}.body.0");
            Add($"body.{blocks}.body.2");
        }
        Add($"body.{blocks}");
        for (int stage = 0; stage < EdsrLayout.LargestScale && (stage == 0 || Has($"tail.0.{2 * stage}")); stage++)
            Add($"tail.0.{2 * stage}");
        Add("tail.1");
        foreach (string name in MeanShift.Names)
            names.TryAdd(prefix + name, name);
        return names;

        bool Has(string part) => style.Stored($"{part}.weight") is { } stored && tensors.ContainsKey(prefix + stored);

        void Add(string part)
        {
            foreach (string name in (string[])[$"{part}.weight", $"{part}.bias"])
                if (style.Stored(name) is { } stored)
                    names.TryAdd(prefix + stored, name);
        }
    }
}
