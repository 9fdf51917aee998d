namespace EdsrIlgpu.Import.TensorFlow;

/// <summary>A NodeDef: an operation of a graph.</summary>
/// <param name="Name">Unique in the graph.</param>
/// <param name="Op">Its kind, as Conv2D.</param>
internal sealed record GraphNode(string Name, string Op)
{
    /// <summary>Names of the nodes whose outputs it reads, without output numbers; control inputs are not among them.</summary>
    public IReadOnlyList<string> Inputs { get; init; } = [];

    /// <summary>Attributes that are text, by name.</summary>
    public IReadOnlyDictionary<string, string> Texts { get; init; } = EmptyTexts;

    /// <summary>Attributes that are integers or lists of them, by name.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> Integers { get; init; } = EmptyIntegers;

    /// <summary>The tensor of a Const node; null where it is of a kind that no weight has.</summary>
    public GraphTensor? Value { get; init; }

    /// <summary>An integer, or what it is if the node does not say.</summary>
    public long Integer(string attribute, long otherwise) => Integers.GetValueOrDefault(attribute) is [var value] ? value : otherwise;

    private static readonly IReadOnlyDictionary<string, string> EmptyTexts = new Dictionary<string, string>();

    private static readonly IReadOnlyDictionary<string, IReadOnlyList<long>> EmptyIntegers = new Dictionary<string, IReadOnlyList<long>>();
}
