using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Graphs;

/// <summary>The convolutions of an EDSR in their places.</summary>
internal sealed record EdsrParts
{
    /// <summary>3 → F.</summary>
    public required Convolution Head { get; init; }

    /// <summary>First to last; twice the same convolution where they are tied.</summary>
    public required IReadOnlyList<(Convolution First, Convolution Second)> Blocks { get; init; }

    /// <summary>The convolution at the body's end, after which the head's output is added; null for none.</summary>
    public Convolution? BodyEnd { get; init; }

    /// <summary>Convolutions that PixelShuffle follows.</summary>
    public required IReadOnlyList<Convolution> Upsampler { get; init; }

    /// <summary>F → 3; null where the upsampler makes the picture.</summary>
    public Convolution? Last { get; init; }

    /// <summary>The 1×1 convolutions before and after the network; null for none.</summary>
    public (Convolution Sub, Convolution Add)? MeanShift { get; init; }

    /// <summary>Factor on the blocks' branches; null if it is not known.</summary>
    public float? ResidualScale { get; init; }

    private bool IsTied => Blocks.Count > 0 && Blocks.All(block => block.First == block.Second);

    /// <summary>The tensors by EDSR-PyTorch's names.</summary>
    public OrderedDictionary<string, StoredTensor> Tensors()
    {
        var tensors = new OrderedDictionary<string, StoredTensor>();
        if (MeanShift is { } shift)
        {
            Add("sub_mean", shift.Sub);
            Add("add_mean", shift.Add);
        }
        Add("head.0", Head);
        for (int i = 0; i < Blocks.Count; i++)
        {
            Add($"body.{i}.body.0", Blocks[i].First);
            if (!IsTied)
                Add($"body.{i}.body.2", Blocks[i].Second);
        }
        if (BodyEnd is not null)
            Add($"body.{Blocks.Count}", BodyEnd);
        for (int i = 0; i < Upsampler.Count; i++)
            Add($"tail.0.{2 * i}", Upsampler[i]);
        if (Last is not null)
            Add("tail.1", Last);
        return tensors;

        void Add(string name, Convolution convolution)
        {
            tensors.Add($"{name}.weight", convolution.Filter);
            tensors.Add($"{name}.bias", convolution.Bias);
        }
    }
}
