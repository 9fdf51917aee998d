namespace EdsrIlgpu.Kernels;

/// <summary>The group of <see cref="Dihedral"/>.</summary>
public static class DihedralExtensions
{
    /// <summary>The orientation that undoes this one: the two quarter turns undo each other, all others themselves.</summary>
    public static Dihedral Inverse(this Dihedral orientation) => orientation switch
    {
        Dihedral.Rotate90 => Dihedral.Rotate270,
        Dihedral.Rotate270 => Dihedral.Rotate90,
        _ => orientation,
    };

    /// <summary>True when width and height change places.</summary>
    public static bool SwapsSides(this Dihedral orientation) => (orientation & Dihedral.Transpose) != 0;

    /// <summary>The shape of a map of shape <paramref name="x"/> after the turn; it stores every row.</summary>
    public static MapShape Output(this Dihedral orientation, MapShape x) =>
        orientation.SwapsSides() ? new(x.N, x.W, x.H, x.C) : new(x.N, x.H, x.W, x.C);
}
