using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights;

/// <summary>What a weight file is, read from its header; the weights themselves are not looked at.</summary>
/// <param name="Container">safetensors, PyTorch zip or legacy PyTorch.</param>
/// <param name="Tensors">Every tensor, in the file's order.</param>
/// <param name="Metadata">What the file says about itself; empty in PyTorch's formats.</param>
/// <param name="Config">The network, its scale, residual scale and range; null if it is no EDSR.</param>
/// <param name="Problem">Why it is no EDSR; null if it is one.</param>
/// <param name="ParameterCount">Trained values of the EDSR, mean shifts not counted; of another file the elements of all tensors.</param>
public sealed record ModelFileInfo(
    string Container, IReadOnlyList<TensorInfo> Tensors, IReadOnlyDictionary<string, string> Metadata, EdsrConfig? Config, string? Problem, long ParameterCount)
{
    /// <summary>What it is, in one line.</summary>
    public override string ToString() => $"a {Container} file of {Tensors.Count} {(Tensors.Count == 1 ? "tensor" : "tensors")}; " + (Config is { } c
        ? $"EDSR ×{c.Scale}, {c.Blocks} {(c.TiedBlocks ? "tied blocks" : "blocks")} of {c.Features} features, {FormattableString.Invariant($"residual scale {c.ResidualScale}, {ParameterCount:N0} parameters")}"
        : $"not an EDSR: {Problem}");
}
