using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights;

/// <summary>What a file cannot say of its network, or says wrongly: what is set here counts.</summary>
public sealed record ModelFileOptions
{
    /// <summary>Factor on each block's branch; null leaves it to the file.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is NaN or infinite.</exception>
    public float? ResidualScale
    {
        get;
        init => field = value is { } scale && !float.IsFinite(scale) ? throw new ArgumentOutOfRangeException(nameof(value), "A residual scale is a finite number.") : value;
    }

    /// <summary>How pixels become network values; null leaves it to the file. With it, mean shifts in the file are passed over.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Its gain is not positive, or something of it is NaN or infinite.</exception>
    public PixelRange? Range
    {
        get;
        init => field = value is null || value.Gain > 0 && float.IsFinite(value.Gain) && value.InputOffset.All(float.IsFinite) && value.OutputOffset.All(float.IsFinite)
            ? value
            : throw new ArgumentOutOfRangeException(nameof(value), "A range has a positive gain and finite offsets.");
    }
}
