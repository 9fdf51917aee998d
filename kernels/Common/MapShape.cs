namespace EdsrIlgpu.Kernels;

/// <summary>
/// The shape of an activation map: NHWC with a border. Column −1 and column W lie in memory and are zero, so no kernel has code
/// for the sides; rows outside the picture are never stored. A map may store fewer rows than the picture has (a ring): row y then
/// lies at y mod <see cref="Rows"/>. Pitches and offsets count elements.
/// </summary>
/// <param name="N">Pictures, at least 1.</param>
/// <param name="H">Height of the picture in pixels, at least 1.</param>
/// <param name="W">Width of the picture in pixels, at least 1.</param>
/// <param name="C">Channels, at least 1.</param>
/// <param name="Rows">Rows that have storage, 1 to H; less than H in a ring.</param>
public readonly record struct MapShape(int N, int H, int W, int C, int Rows)
{
    /// <summary>Row pitches are multiples of this many elements, 64 bytes of float.</summary>
    public const int RowAlignment = 16;

    /// <summary>A map that stores every row.</summary>
    public MapShape(int n, int h, int w, int c) : this(n, h, w, c, h) { }

    /// <summary>Elements from one row to the next: at least (W + 2) · C, rounded up to <see cref="RowAlignment"/>.</summary>
    public long RowPitch => ((W + 2L) * C + RowAlignment - 1) / RowAlignment * RowAlignment;

    /// <summary>Elements from one picture to the next.</summary>
    public long ImagePitch => RowPitch * Rows;

    /// <summary>Elements of the whole map.</summary>
    public long Elements => ImagePitch * N;

    /// <summary>Offset of pixel (n, y, −1), the left border, of a row inside the picture.</summary>
    public long Border(int n, int y) => n * ImagePitch + y % Rows * RowPitch;

    /// <summary>Offset of pixel (n, y, x) inside the picture.</summary>
    public long Offset(int n, int y, int x) => Border(n, y) + (x + 1L) * C;

    /// <summary>The same picture with storage for <paramref name="rows"/> rows.</summary>
    public MapShape WithRows(int rows) => this with { Rows = rows };

    /// <summary>Throws unless every size is at least 1, Rows is at most H, and a row's elements and all pictures' rows can be counted in 32 bits.</summary>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public void Validate()
    {
        if (N < 1 || H < 1 || W < 1 || C < 1 || Rows < 1 || Rows > H)
            throw new ArgumentException($"Not the shape of a map: {this}.");
        // Kernels index pixels in a row, and rows in a batch, by int; where a row lies is counted in long.
        if (RowPitch > int.MaxValue || (long)N * H > int.MaxValue)
            throw new ArgumentException($"A map too wide or too high: {this}.");
    }
}
