using EdsrIlgpu.Graph;
using EdsrIlgpu.Layers;

namespace EdsrIlgpu.Models;

/// <summary>
/// The network of "Enhanced Deep Residual Networks for Single Image Super-Resolution" (arXiv 1707.02921), the tutorial's
/// variant of it, and the one with a sub-pixel tail. Parameters carry EDSR-PyTorch's names.
/// </summary>
public static class Edsr
{
    /// <summary>The whole network, [H, W, c] → [H·scale, W·scale, c], in network range.</summary>
    /// <exception cref="ArgumentException">The scale is less than 2, or no product of 2s and 3s where the upsampler needs one.</exception>
    public static LayerGraph Build(EdsrConfig config)
    {
        var graph = new LayerGraph();
        var head = new Conv2d("head.0", config.Features).AddTo(graph, graph.Input(config.Channels));

        var body = head;
        for (int i = 0; i < config.Blocks; i++)
            body = new ResBlock($"body.{i}.body.0", $"body.{i}.body.{(config.TiedBlocks ? 0 : 2)}", config.ResidualScale).AddTo(graph, body);
        if (config.GlobalSkip)
            body = new Conv2d($"body.{config.Blocks}", config.Features) { Residual = head }.AddTo(graph, body);

        graph.BeginTail();
        graph.Output(config.SubPixelOutput
            ? new SubPixelConv2d("tail.0.0", config.Channels, config.Scale).AddTo(graph, body)
            : new Conv2d("tail.1", config.Channels).AddTo(graph, new Upsampler("tail.0", config.Scale).AddTo(graph, body)));
        return graph;
    }
}
