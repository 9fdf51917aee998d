using EdsrIlgpu.Graph;

namespace EdsrIlgpu.Layers;

/// <summary>A layer: something that adds its steps to a graph.</summary>
public interface ILayer
{
    /// <summary>Adds the layer's steps and returns its output.</summary>
    Value AddTo(LayerGraph graph, Value x);
}
