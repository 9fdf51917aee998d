using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights;

/// <summary>What a file cannot say of its network, or says wrongly: what is set here counts.</summary>
public sealed record ModelFileOptions
{
    /// <summary>Factor on each block's branch; null leaves it to the file.</summary>
    public float? ResidualScale { get; init; }

    /// <summary>How pixels become network values; null leaves it to the file. With it, mean shifts in the file are passed over.</summary>
    public PixelRange? Range { get; init; }
}
