namespace EdsrIlgpu.Benchmarks;

/// <summary>A variant with everything in place to be run.</summary>
/// <param name="Name">The variant's name.</param>
/// <param name="MaxNmse">The error that it may have.</param>
/// <param name="Run">Runs it, or begins to.</param>
/// <param name="Read">What it computed, in part: the first rows of the first picture, or the gradients of the first output channels' filters.</param>
internal sealed record LadderCandidate(string Name, double MaxNmse, Action Run, Func<int, double[]> Read);
