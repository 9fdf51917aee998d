namespace EdsrIlgpu.Import.Graphs;

/// <summary>Finds an EDSR in what a foreign graph computes, from its output back to its input; names mean nothing.</summary>
internal sealed class EdsrPattern
{
    // Beyond any network that was ever trained.
    private const int MostBlocks = 1024, MostUpsamplings = 4;

    private readonly OperationGraph graph;

    private EdsrPattern(OperationGraph graph) => this.graph = graph;

    /// <summary>The network's parts, or where the graph computes something else.</summary>
    public static (EdsrParts? Parts, string Problem) Match(OperationGraph graph)
    {
        try
        {
            return (new EdsrPattern(graph).Match(), "");
        }
        catch (MismatchException problem)
        {
            return (null, problem.Message);
        }
    }

    private EdsrParts Match()
    {
        string at = graph.Output;
        Convolution? addMean = Convolution(at) is { Convolution.IsMeanShift: true } shift ? Step(shift, out at) : null;
        Convolution? last = graph.At(at).Kind == OperationKind.PixelShuffle ? null : Step(Expect(at, "the network's output"), out at);

        var upsampler = new List<(Convolution Convolution, float Factor)>();
        while (graph.At(at) is { Kind: OperationKind.PixelShuffle } shuffle && upsampler.Count < MostUpsamplings)
            upsampler.Insert(0, (Step(Expect(shuffle.Inputs[0], "PixelShuffle's input"), out at), shuffle.Factor));
        Require(upsampler.Count > 0, "nothing enlarges the picture before its last convolution");

        Convolution? bodyEnd = null;
        string? skip = null;
        if (Block(at) is null && GlobalSkip(at) is { } end)
            (bodyEnd, skip, at) = (end.Convolution, end.Skipped, end.Input);

        var blocks = new List<(Convolution, Convolution)>();
        float scale = 1;
        for (; Block(at) is { } block; at = block.Input)
        {
            Require(blocks.Count == 0 || block.Scale == scale, FormattableString.Invariant($"its blocks have the residual scales {block.Scale} and {scale}"));
            Require(blocks.Count < MostBlocks, $"it has more than {MostBlocks} blocks");
            scale = block.Scale;
            blocks.Insert(0, (block.First, block.Second));
        }
        string headValue = graph.Resolve(at);
        var head = Step(Expect(at, blocks.Count == 0 ? "what the tail reads" : $"what {blocks.Count} blocks read"), out at);
        Require(skip is null || skip == headValue, "what is added after the body is not the first convolution's output");

        long channels = last?.C ?? head.C;
        foreach (var (up, factor) in Enumerable.Reverse(upsampler))
        {
            Require(up.K == factor * factor * channels, FormattableString.Invariant($"PixelShuffle by {factor} turns {up.K} channels into something else than the {channels} that are read of it"));
            channels = up.C;
        }

        Convolution? subMean = Convolution(at) is { Convolution.IsMeanShift: true } first ? Step(first, out at) : null;
        Require(graph.At(at).Kind == OperationKind.Input, "something other than a convolution comes before its first convolution");
        Require(subMean is null == addMean is null, "it shifts the mean at one end only");
        int tied = blocks.Count(block => block.Item1 == block.Item2);
        Require(tied == 0 || tied == blocks.Count, $"{tied} of its {blocks.Count} blocks use one convolution twice");
        return new EdsrParts
        {
            Head = head,
            Blocks = blocks,
            BodyEnd = bodyEnd,
            Upsampler = [.. upsampler.Select(up => up.Convolution)],
            Last = last,
            MeanShift = subMean is null ? null : (subMean, addMean!),
            ResidualScale = scale,
        };
    }

    /// <summary>A residual block: x + scale · conv(ReLU(conv(x))).</summary>
    private (Convolution First, Convolution Second, float Scale, string Input)? Block(string value)
    {
        if (graph.At(value) is not { Kind: OperationKind.Add } sum)
            return null;
        for (int side = 0; side < 2; side++)
        {
            var branch = graph.At(sum.Inputs[side]);
            var (scale, inner) = branch.Kind == OperationKind.Scale ? (branch.Factor, branch.Inputs[0]) : (1, sum.Inputs[side]);
            if (Convolution(inner) is { } second && graph.At(second.Input) is { Kind: OperationKind.Relu } relu && Convolution(relu.Inputs[0]) is { } first
                && graph.Resolve(first.Input) == graph.Resolve(sum.Inputs[1 - side]))
                return (first.Convolution, second.Convolution, scale, first.Input);
        }
        return null;
    }

    /// <summary>The sum after the body: conv(body) + what the body began with.</summary>
    private (Convolution Convolution, string Input, string Skipped)? GlobalSkip(string value)
    {
        if (Convolution(value) is not null || graph.At(value) is not { Kind: OperationKind.Add } sum)
            return null;
        for (int side = 0; side < 2; side++)
            if (Convolution(sum.Inputs[side]) is { } end && Begins(graph.Resolve(sum.Inputs[1 - side])))
                return (end.Convolution, end.Input, graph.Resolve(sum.Inputs[1 - side]));
        return null;

        // Both sides are convolutions; the head's reads the picture.
        bool Begins(string head) =>
            Convolution(head) is { } first && (graph.At(first.Input).Kind == OperationKind.Input || Convolution(first.Input) is { Convolution.IsMeanShift: true });
    }

    /// <summary>The convolution and bias that make a value; null if something else does.</summary>
    private Found? Convolution(string value)
    {
        if (graph.At(value) is not { Kind: OperationKind.Add } sum)
            return null;
        for (int side = 0; side < 2; side++)
            if (graph.At(sum.Inputs[side]) is { Kind: OperationKind.Convolution, Tensor: { Shape.Count: 4 } filter } convolution
                && graph.At(sum.Inputs[1 - side]) is { Kind: OperationKind.Constant, Tensor: { Shape.Count: 1 } bias })
                return new Found(new Convolution(filter, bias), convolution.Inputs[0]);
        return null;
    }

    private Found Expect(string value, string what) =>
        Convolution(value) ?? throw new MismatchException($"{what} does not come from a convolution with a bias");

    private static Convolution Step(Found found, out string input)
    {
        input = found.Input;
        return found.Convolution;
    }

    private static void Require(bool isSo, string otherwise)
    {
        if (!isSo)
            throw new MismatchException(otherwise);
    }

    /// <summary>A convolution, and the value that it reads.</summary>
    private sealed record Found(Convolution Convolution, string Input);

    private sealed class MismatchException(string message) : Exception(message);
}
