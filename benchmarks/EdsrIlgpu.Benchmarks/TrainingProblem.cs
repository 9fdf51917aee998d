using EdsrIlgpu.Models;

namespace EdsrIlgpu.Benchmarks;

/// <summary>A training step of a network.</summary>
/// <param name="Config">The network.</param>
/// <param name="Batch">Patches.</param>
/// <param name="Patch">Side of an LR patch.</param>
internal sealed record TrainingProblem(EdsrConfig Config, int Batch, int Patch)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Config.Blocks} blocks × {Config.Features}, ×{Config.Scale}, {Batch} × {Patch}×{Patch}";
}
