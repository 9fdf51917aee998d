using EdsrIlgpu.Import.Graphs;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.TensorFlow;

/// <summary>The nodes of a graph as operations, and its tensors.</summary>
internal sealed class GraphOperations
{
    private readonly IReadOnlyDictionary<string, GraphNode> nodes;
    private readonly Dictionary<string, Operation> operations = [];
    private readonly Dictionary<string, StoredTensor> filters = [];
    private readonly Dictionary<string, TensorStorage> dequantised = [];

    public GraphOperations(IReadOnlyDictionary<string, GraphNode> nodes)
    {
        this.nodes = nodes;
        foreach (var node in nodes.Values)
            operations.Add(node.Name, Operation(node));
        string[] outputs = [.. nodes.Keys.Except(nodes.Values.SelectMany(node => node.Inputs))];
        Output = outputs is [var only] ? only : null;
    }

    /// <summary>By name of the node.</summary>
    public IReadOnlyDictionary<string, Operation> Operations => operations;

    /// <summary>The only node that no other reads; null if there is none, or more than one.</summary>
    public string? Output { get; }

    /// <summary>Whether there are 8-bit weights.</summary>
    public bool IsQuantised => dequantised.Count > 0;

    /// <summary>The tensors of Const nodes, by name.</summary>
    public OrderedDictionary<string, StoredTensor> Tensors
    {
        get
        {
            var tensors = new OrderedDictionary<string, StoredTensor>();
            foreach (var node in nodes.Values)
                if (node.Value is { } value)
                    tensors.Add(node.Name, new StoredTensor(value.Storage, value.Shape));
            return tensors;
        }
    }

    private Operation Operation(GraphNode node)
    {
        var inputs = node.Inputs;
        return node.Op switch
        {
            "Placeholder" or "IteratorGetNext" => new(OperationKind.Input),
            "Identity" or "StopGradient" when inputs is [var x] => new(OperationKind.Same, x),
            // The batch first and then the colours, as OpenCV wants it: values are where they were.
            "Transpose" when inputs is [var x, var order] && Constant(order)?.Integers(5) is [0, 3, 1, 2] => new(OperationKind.Same, x),
            "Const" or "Dequantize" when Constant(node.Name) is { } value => new(OperationKind.Constant) { Tensor = new(value.Storage, value.Shape) },
            "Conv2D" when inputs is [var x, var filter] && IsPlain(node) && Filter(filter) is { } view => new(OperationKind.Convolution, x) { Tensor = view },
            "Add" or "AddV2" when inputs is [var x, var y] => new(OperationKind.Add, x, y),
            "BiasAdd" when inputs is [var x, var y] && IsChannelsLast(node) => new(OperationKind.Add, x, y),
            "Relu" when inputs is [var x] => new(OperationKind.Relu, x),
            "Mul" when inputs is [var x, var y] && Constant(y)?.Scalar is { } factor => new(OperationKind.Scale, x) { Factor = factor },
            "Mul" when inputs is [var x, var y] && Constant(x)?.Scalar is { } factor => new(OperationKind.Scale, y) { Factor = factor },
            "DepthToSpace" when inputs is [var x] && IsChannelsLast(node) => new(OperationKind.PixelShuffle, x) { Factor = node.Integer("block_size", 1) },
            _ => new(OperationKind.Other),
        };
    }

    private static bool IsChannelsLast(GraphNode node) => node.Texts.GetValueOrDefault("data_format", "NHWC") == "NHWC";

    private static bool IsPlain(GraphNode conv) => IsChannelsLast(conv) && conv.Texts.GetValueOrDefault("padding") == "SAME"
        && conv.Integers.GetValueOrDefault("strides", []).All(step => step == 1) && conv.Integers.GetValueOrDefault("dilations", []).All(step => step == 1);

    /// <summary>A filter [R, S, C, K] as [K, C, R, S].</summary>
    private StoredTensor? Filter(string name)
    {
        if (filters.TryGetValue(name, out var known))
            return known;
        return Constant(name) is { Shape: [var r, var s, var c, var k] shape } value && !shape.Contains(0)
            ? filters[name] = new StoredTensor(value.Storage, 0, [k, c, r, s], [1, k, s * c * k, c * k])
            : null;
    }

    /// <summary>A Const node's tensor, or that of a Dequantize node's; null if it is another node.</summary>
    private GraphTensor? Constant(string name)
    {
        // From a constant to who reads it: an identity, and no more.
        if (nodes.TryGetValue(name, out var node) && node is { Op: "Identity", Inputs: [var original] })
            nodes.TryGetValue(original, out node);
        if (node is not { Op: "Dequantize", Inputs: [var quantised, var low, var high] })
            return node?.Value;
        if (nodes.GetValueOrDefault(quantised)?.Value is not { Storage.Type: TensorType.UInt8 } levels
            || nodes.GetValueOrDefault(low)?.Value?.Scalar is not { } min || nodes.GetValueOrDefault(high)?.Value?.Scalar is not { } max
            || node.Integer("axis", -1) != -1)
            return null;
        if (!dequantised.TryGetValue(node.Name, out var storage))
        {
            if (Dequantization.Of(node.Texts.GetValueOrDefault("mode", "MIN_COMBINED"), min, max) is not { } formula)
                return null;
            dequantised.Add(node.Name, storage = formula.Apply(levels.Storage));
        }
        return new GraphTensor(storage, levels.Shape);
    }
}
