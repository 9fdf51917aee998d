namespace EdsrIlgpu.Kernels;

/// <summary>
/// A <see cref="MapShape"/> as accelerator kernels take it: pitches computed beforehand and counted in the unit of the kernel's
/// accesses, one float or a <see cref="Float4"/>.
/// </summary>
internal readonly struct MapLayout
{
    private readonly long imagePitch;
    private readonly long rowPitch;
    private readonly int rows;

    /// <summary>Units from one pixel to the next.</summary>
    public readonly int Pixel;

    /// <param name="shape">The map.</param>
    /// <param name="unit">Elements in one access; divides the channels.</param>
    public MapLayout(MapShape shape, int unit)
    {
        imagePitch = shape.ImagePitch / unit;
        rowPitch = shape.RowPitch / unit;
        rows = shape.Rows;
        Pixel = shape.C / unit;
    }

    /// <summary>Units from a row to the next, in a map that stores every row.</summary>
    public long Row => rowPitch;

    /// <summary>Units from a picture to the next.</summary>
    public long Picture => imagePitch;

    /// <summary>Offset of pixel (n, y, −1), the left border, of a row inside the picture.</summary>
    public long Border(int n, int y)
    {
        int row = y - y / rows * rows; // % would stop Oclgrind's check of uninitialised reads
        return n * imagePitch + row * rowPitch;
    }
}
