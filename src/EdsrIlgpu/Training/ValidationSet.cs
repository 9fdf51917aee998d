using EdsrIlgpu.Devices;
using EdsrIlgpu.Metrics;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Training;

/// <summary>Whole pictures that a network in training is tested with, as <c>edsr eval</c> does it.</summary>
public sealed class ValidationSet
{
    /// <summary>Takes pictures.</summary>
    /// <param name="pictures">At least one.</param>
    /// <param name="scale">Factor between low and high resolution.</param>
    /// <param name="protocol">What is compared.</param>
    /// <exception cref="EdsrException">There are no pictures, or one is too small to be judged, or its sizes do not fit.</exception>
    public ValidationSet(IReadOnlyList<ValidationPicture> pictures, int scale, Protocol protocol)
    {
        if (pictures.Count == 0)
            throw new EdsrException("There are no pictures to validate with.");
        (Pictures, Scale, Protocol) = (pictures, scale, protocol);
        using var baseline = new ResamplingUpscaler(protocol == Protocol.Tutorial ? ResamplingUpscaler.Bilinear : ResamplingUpscaler.Bicubic, scale);
        Baseline = Measure(baseline, 0, CancellationToken.None);
    }

    /// <summary>The pictures.</summary>
    public IReadOnlyList<ValidationPicture> Pictures { get; }

    /// <summary>Factor between low and high resolution.</summary>
    public int Scale { get; }

    /// <summary>What is compared.</summary>
    public Protocol Protocol { get; }

    /// <summary>What a network has to be better than: bicubic upscaling, bilinear with <see cref="Protocol.Tutorial"/>.</summary>
    public ValidationResult Baseline { get; }

    /// <summary>Tests a network.</summary>
    /// <param name="model">The network.</param>
    /// <param name="device">Where it runs.</param>
    /// <param name="step">Steps that it was trained for.</param>
    /// <param name="cancel">Stops the test.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ValidationResult Measure(EdsrModel model, ComputeDevice device, long step, CancellationToken cancel = default)
    {
        using var upscaler = new Upscaler(model, device);
        return Measure(upscaler, step, cancel);
    }

    private ValidationResult Measure(IUpscaler upscaler, long step, CancellationToken cancel)
    {
        var measured = new Quality[Pictures.Count];
        for (int i = 0; i < measured.Length; i++)
        {
            var (name, lr, hr) = Pictures[i];
            try
            {
                measured[i] = QualityMeter.Compare(upscaler.Upscale(lr, cancel: cancel), hr, Scale, Protocol);
            }
            catch (EdsrException problem)
            {
                throw new EdsrException($"{name} cannot be validated with: {problem.Message}", problem);
            }
        }
        return new ValidationResult(step, new Quality(
            measured.Average(m => m.Psnr),
            measured.Average(m => m.Ssim),
            Protocol == Protocol.Tutorial ? measured.Average(m => m.TutorialPsnr) : null), measured);
    }
}
