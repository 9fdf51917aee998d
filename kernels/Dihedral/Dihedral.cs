namespace EdsrIlgpu.Kernels;

/// <summary>
/// The eight flips and transposes of a picture. Bits: 1 mirrors left and right, 2 mirrors top and bottom, 4 exchanges rows and
/// columns, which comes before the mirrors.
/// </summary>
public enum Dihedral
{
    /// <summary>As it is.</summary>
    Identity = 0,

    /// <summary>Left and right exchanged.</summary>
    FlipX = 1,

    /// <summary>Top and bottom exchanged.</summary>
    FlipY = 2,

    /// <summary>Turned by 180°.</summary>
    Rotate180 = 3,

    /// <summary>Rows and columns exchanged.</summary>
    Transpose = 4,

    /// <summary>Turned clockwise by 90°.</summary>
    Rotate90 = 5,

    /// <summary>Turned clockwise by 270°.</summary>
    Rotate270 = 6,

    /// <summary>Mirrored at the other diagonal.</summary>
    AntiTranspose = 7,
}
