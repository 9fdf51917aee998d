namespace EdsrIlgpu.Kernels;

/// <summary>What is done to an LR patch to make it worse, in this order; what is 0 is left out.</summary>
/// <param name="Blur">Standard deviation of a Gaussian blur in pixels, 0 to <see cref="MaxBlur"/>.</param>
/// <param name="Noise">Standard deviation of the noise in levels of 0–255, at least 0.</param>
/// <param name="JpegQuality">Quality of a JPEG compression, 1 to 100, or 0 for none.</param>
public readonly record struct Degradation(float Blur, float Noise, int JpegQuality)
{
    /// <summary>Largest <see cref="Blur"/>.</summary>
    public const float MaxBlur = 4;
}
