namespace EdsrIlgpu.Metrics;

/// <summary>How near a picture is to its reference.</summary>
/// <param name="Psnr">Peak signal-to-noise ratio in dB, peak 255; positive infinity for equal pictures.</param>
/// <param name="Ssim">Structural similarity, at most 1.</param>
/// <param name="TutorialPsnr">
/// With <see cref="Protocol.Tutorial"/>, 10 · log10(1 / MSE) of samples in [−1, 1]: the peak there is 2, so this reads 20 · log10(2) ≈ 6.02
/// below <paramref name="Psnr"/>. Otherwise null.
/// </param>
public readonly record struct Quality(double Psnr, double Ssim, double? TutorialPsnr = null);
