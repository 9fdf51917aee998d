using EdsrIlgpu.Resampling;

namespace EdsrIlgpu;

/// <summary>The classical baselines as upscalers, without a network: what EDSR is compared with.</summary>
/// <param name="name">One of <see cref="Names"/>.</param>
/// <param name="scale">Factor, at least 1.</param>
public sealed class ResamplingUpscaler(string name, int scale) : IUpscaler
{
    private readonly Func<Picture, Picture> resample = name switch
    {
        Bicubic => picture => MatlabBicubic.Upscale(picture, scale, Border.Symmetric),
        Bilinear => picture => Resampling.Bilinear.Upscale(picture, scale),
        _ => throw new ArgumentException($"There is no resampling called {name}.", nameof(name)),
    };

    /// <summary>MATLAB's bicubic, in double, rounded once.</summary>
    public const string Bicubic = "bicubic";

    /// <summary>Bilinear, as the tutorial compares with.</summary>
    public const string Bilinear = "bilinear";

    /// <summary>What a model can be called instead of a file.</summary>
    public static IReadOnlyList<string> Names { get; } = [Bicubic, Bilinear];

    /// <inheritdoc/>
    public int Scale { get; } = scale >= 1 ? scale : throw new ArgumentOutOfRangeException(nameof(scale));

    /// <inheritdoc/>
    public Picture Upscale(Picture picture, IProgress<double>? progress = null, CancellationToken cancel = default)
    {
        cancel.ThrowIfCancellationRequested();
        var result = resample(picture);
        progress?.Report(1);
        return result;
    }

    /// <summary>Nothing to free.</summary>
    public void Dispose() { }
}
