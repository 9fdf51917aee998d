namespace EdsrIlgpu.Training;

/// <summary>What a training step came to.</summary>
/// <param name="Step">Steps made, this one included.</param>
/// <param name="Loss">The batch's mean loss, in network range.</param>
/// <param name="GradientNorm">L2 norm of the gradient, before it was clipped.</param>
/// <param name="Rate">The learning rate.</param>
/// <param name="Skipped">Why nothing was learnt from the batch; null if it was.</param>
public readonly record struct StepResult(long Step, float Loss, float GradientNorm, float Rate, string? Skipped);
