using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Layers;

/// <summary>A 3×3 convolution to r² times the channels, then PixelShuffle(r): [H, W, C] → [H·r, W·r, <paramref name="Channels"/>].</summary>
/// <param name="Name">Name of its filter and bias.</param>
/// <param name="Channels">Output channels, after PixelShuffle.</param>
/// <param name="Factor">PixelShuffle's r, at least 2.</param>
public sealed record SubPixelConv2d(string Name, int Channels, int Factor) : ILayer
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The factor is less than 2.</exception>
    public Value AddTo(LayerGraph graph, Value x) => Factor >= 2
        ? graph.Conv2d(x, Name, Channels, Epilogue.BiasPixelShuffle(Factor))
        : throw new ArgumentException($"A sub-pixel convolution enlarges at least 2 times, not {Factor} times.");
}
