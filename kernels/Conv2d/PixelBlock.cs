namespace EdsrIlgpu.Kernels;

/// <summary>Where a block of pixels lies in the host's memory.</summary>
/// <param name="start">The first pixel.</param>
/// <param name="pixel">Floats from a pixel to the next; 0 if all are the same.</param>
/// <param name="row">Floats from a row to the next.</param>
internal readonly unsafe struct PixelBlock(float* start, nint pixel, nint row)
{
    /// <summary>The first pixel.</summary>
    public readonly float* Start = start;

    /// <summary>Floats from a pixel to the next; 0 if all are the same.</summary>
    public readonly nint Pixel = pixel;

    /// <summary>Floats from a row to the next.</summary>
    public readonly nint Row = row;

    /// <summary>The block that begins some rows below and some floats to the right.</summary>
    public PixelBlock At(int rows, nint floats) => new(Start + rows * Row + floats, Pixel, Row);
}
