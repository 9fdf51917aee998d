using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Graphs;

/// <summary>An operation of a foreign graph.</summary>
/// <param name="Kind">What it is to EDSR.</param>
/// <param name="Inputs">Names of the values that it reads; tensors of the file that are its own are not among them.</param>
internal sealed record Operation(OperationKind Kind, params IReadOnlyList<string> Inputs)
{
    /// <summary>What a constant holds; a convolution's filter, [K, C, R, S]. One object for one tensor of the file, however often it is used.</summary>
    public StoredTensor? Tensor { get; init; }

    /// <summary>The factor of a scale or a PixelShuffle.</summary>
    public float Factor { get; init; } = 1;
}
