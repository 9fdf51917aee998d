using EdsrIlgpu.Models;

namespace EdsrIlgpu.Benchmarks;

/// <summary>A network and the picture that it makes larger.</summary>
/// <param name="Config">The network.</param>
/// <param name="Height">Rows of the picture.</param>
/// <param name="Width">Columns of the picture.</param>
internal sealed record NetworkProblem(EdsrConfig Config, int Height, int Width)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Config.Blocks} blocks × {Config.Features}, ×{Config.Scale}, {Width}×{Height}";
}
