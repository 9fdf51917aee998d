using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Graphs;

/// <summary>A convolution with its bias, found in a foreign graph or file.</summary>
/// <param name="Filter">[K, C, R, S].</param>
/// <param name="Bias">[K].</param>
internal sealed record Convolution(StoredTensor Filter, StoredTensor Bias)
{
    /// <summary>Output channels.</summary>
    public long K => Filter.Shape[0];

    /// <summary>Input channels.</summary>
    public long C => Filter.Shape[1];

    /// <summary>Whether it is one of the 1×1 convolutions that shift the mean.</summary>
    public bool IsMeanShift => Filter.Shape is [_, _, 1, 1];
}
