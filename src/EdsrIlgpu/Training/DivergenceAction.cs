namespace EdsrIlgpu.Training;

/// <summary>What to do with a batch whose loss or gradient is NaN or infinite, or whose loss explodes.</summary>
public enum DivergenceAction
{
    /// <summary>Training stops; the last checkpoint remains.</summary>
    Stop,

    /// <summary>The batch changes nothing, and the next one follows.</summary>
    Skip,
}
