namespace EdsrIlgpu.Resampling;

/// <summary>What a resampling kernel reads beyond the picture's edge.</summary>
public enum Border
{
    /// <summary>The picture mirrored, its edge pixel repeated: … 2 1 | 1 2 3 … MATLAB's own rule.</summary>
    Symmetric,

    /// <summary>The edge pixel: … 1 1 | 1 2 3 … The rule behind the LR files of SelfExSR.</summary>
    Replicate,
}
