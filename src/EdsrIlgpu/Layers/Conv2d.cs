using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Layers;

/// <summary>A 3×3 convolution, stride 1, zero padding 1, with bias: [H, W, C] → [H, W, <paramref name="Channels"/>].</summary>
/// <param name="Name">Name of its filter and bias; used twice, it ties the layers.</param>
/// <param name="Channels">Output channels.</param>
public sealed record Conv2d(string Name, int Channels) : ILayer
{
    /// <summary>A fused max(0, ·).</summary>
    public bool Relu { get; init; }

    /// <summary>A map of the output's shape that is added; null for none.</summary>
    public Value? Residual { get; init; }

    /// <summary>Factor before the residual is added.</summary>
    public float Scale { get; init; } = 1;

    /// <inheritdoc/>
    public Value AddTo(LayerGraph graph, Value x) =>
        graph.Conv2d(x, Name, Channels, new Epilogue { Relu = Relu, Residual = Residual is not null, Scale = Scale }, Residual);
}
