using EdsrIlgpu.Graph;

namespace EdsrIlgpu.Layers;

/// <summary>EDSR's residual block: x + scale · conv(ReLU(conv(x))), no normalisation.</summary>
/// <param name="First">Name of the first convolution.</param>
/// <param name="Second">Name of the second; the first's name ties them.</param>
/// <param name="Scale">Factor on the branch.</param>
public sealed record ResBlock(string First, string Second, float Scale) : ILayer
{
    /// <inheritdoc/>
    public Value AddTo(LayerGraph graph, Value x)
    {
        var inner = new Conv2d(First, x.Channels) { Relu = true }.AddTo(graph, x);
        return new Conv2d(Second, x.Channels) { Residual = x, Scale = Scale }.AddTo(graph, inner);
    }
}
