using System.Globalization;
using EdsrIlgpu.Metrics;

namespace EdsrIlgpu.Cli.Comparing;

/// <summary>One of the pictures that are laid side by side.</summary>
/// <param name="Name">What made it, in letters that <see cref="Imaging.Drawing.StrokeFont"/> has.</param>
/// <param name="Picture">RGB, of the same size as the others.</param>
/// <param name="Quality">How near it is to the original; null for the original, and where there is none.</param>
internal sealed record ComparedPicture(string Name, Picture Picture, Quality? Quality)
{
    /// <summary>The quality in words; empty where there is none.</summary>
    public string Figures => Quality switch
    {
        null => "",
        { Psnr: double.PositiveInfinity } => "identical",
        { } q => string.Create(CultureInfo.InvariantCulture, $"{q.Psnr:F2} dB, SSIM {q.Ssim:F4}"),
    };
}
