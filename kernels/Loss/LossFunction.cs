namespace EdsrIlgpu.Kernels;

/// <summary>What training makes small: a mean over all samples of all pictures of a batch.</summary>
public enum LossFunction
{
    /// <summary>Mean of |y − target|, EDSR's own.</summary>
    L1,

    /// <summary>Mean of (y − target)².</summary>
    Mse,
}
