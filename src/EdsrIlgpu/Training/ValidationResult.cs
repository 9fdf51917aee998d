using EdsrIlgpu.Metrics;

namespace EdsrIlgpu.Training;

/// <summary>How well a network does on whole pictures that it was not trained on.</summary>
/// <param name="Step">Steps made before.</param>
/// <param name="Mean">Mean over the pictures.</param>
/// <param name="Pictures">Each picture's own, in the order of the validation set.</param>
public sealed record ValidationResult(long Step, Quality Mean, IReadOnlyList<Quality> Pictures);
