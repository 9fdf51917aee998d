namespace EdsrIlgpu.Training;

/// <summary>Training diverged: the loss is NaN or exploded. What was learnt before is untouched.</summary>
public sealed class DivergenceException : EdsrException
{
    /// <summary>At a step, for a reason.</summary>
    public DivergenceException(long step, string problem) : base($"Training diverged at step {step}: {problem}.") { }
}
