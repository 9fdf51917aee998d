using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights;

/// <summary>What a weight file is.</summary>
/// <param name="Container">safetensors, PyTorch zip, legacy PyTorch, Paddle pickle, or what EdsrIlgpu.Import names.</param>
/// <param name="Tensors">Every tensor, in the file's order.</param>
/// <param name="Metadata">What the file says about itself; empty in formats other than safetensors.</param>
/// <param name="Config">The network, its scale, residual scale and range; null if it is no EDSR.</param>
/// <param name="Problem">Why it is no EDSR; null if it is one.</param>
/// <param name="ParameterCount">Trained values of the EDSR, mean shifts not counted; of another file the elements of all tensors, those that a view repeats once.</param>
public sealed record ModelFileInfo(
    string Container, IReadOnlyList<TensorInfo> Tensors, IReadOnlyDictionary<string, string> Metadata, EdsrConfig? Config, string? Problem, long ParameterCount)
{
    /// <summary>The project whose tensor names the EDSR has; null if it is none.</summary>
    public string? KeyStyle { get; init; }

    /// <summary>What stands before the names of the EDSR's tensors, as params_ema; empty if nothing does, null if it is no EDSR.</summary>
    public string? Wrapper { get; init; }

    /// <summary>How the EDSR's range is known.</summary>
    public Provenance? RangeFrom { get; init; }

    /// <summary>How the EDSR's residual scale is known.</summary>
    public Provenance? ResidualScaleFrom { get; init; }

    /// <summary>
    /// By how many decibels the network enlarges a small drawn picture better than bicubic resampling, with this range and residual
    /// scale; null if both were known and it was not tried. What is not positive is no trained network, one trained for something
    /// else, or one whose range or residual scale must be given.
    /// </summary>
    public double? TrialGain { get; init; }

    /// <summary>What network the tensors' names are of; null if it is an EDSR or nothing known.</summary>
    public string? Resembles { get; init; }

    /// <summary>What it is, in one line.</summary>
    public override string ToString() => $"a {Container} file of {Tensors.Count} {(Tensors.Count == 1 ? "tensor" : "tensors")}; " + (Config is { } c
        ? $"EDSR ×{c.Scale}, {c.Blocks} {(c.TiedBlocks ? "tied blocks" : "blocks")} of {c.Features} features, {FormattableString.Invariant($"residual scale {c.ResidualScale}, {ParameterCount:N0} parameters")}"
        : $"not an EDSR: {Problem}" + (Resembles is null ? "" : $"; it seems to be {Resembles}"));
}
