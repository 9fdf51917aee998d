namespace EdsrIlgpu;

/// <summary>Something that makes pictures larger by a whole factor. Safe to call from several threads.</summary>
public interface IUpscaler : IDisposable
{
    /// <summary>Factor by which width and height grow.</summary>
    int Scale { get; }

    /// <summary>Makes a picture larger.</summary>
    /// <param name="picture">Any number of channels; alpha is scaled bicubically beside the colours.</param>
    /// <param name="progress">Told the share of the work that is done, 0 to 1; may be null.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>A picture of Scale times the width and height, the same channels.</returns>
    /// <exception cref="EdsrException">The picture does not fit into memory.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    Picture Upscale(Picture picture, IProgress<double>? progress = null, CancellationToken cancel = default);
}
