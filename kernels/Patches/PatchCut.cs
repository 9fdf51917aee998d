namespace EdsrIlgpu.Kernels;

/// <summary>Where a square patch of one picture lies in memory, and how it is turned. Counted in samples, channels interleaved.</summary>
/// <param name="Offset">The first sample of the picture.</param>
/// <param name="Pitch">Samples from one row of the picture to the next.</param>
/// <param name="X">The patch's first column.</param>
/// <param name="Y">The patch's first row.</param>
/// <param name="Turn">What is done to the patch once it is cut.</param>
public readonly record struct PatchCut(long Offset, int Pitch, int X, int Y, Dihedral Turn)
{
    /// <summary>Patch number <paramref name="n"/> of patches that stand one after the other.</summary>
    /// <param name="n">Number from 0.</param>
    /// <param name="size">Width and height of a patch.</param>
    /// <param name="channels">Samples of a pixel.</param>
    /// <param name="turn">What is done to it.</param>
    public static PatchCut OfDense(int n, int size, int channels, Dihedral turn) => new((long)n * size * size * channels, size * channels, 0, 0, turn);

    /// <summary>The first sample of pixel (<paramref name="row"/>, <paramref name="column"/>) of the patch as it lies in the picture.</summary>
    public long Sample(int row, int column, int channels) => Offset + (long)(Y + row) * Pitch + (long)(X + column) * channels;

    /// <summary>Finds the pixel of the patch, as it lies in the picture, that comes to stand at a pixel of the turned patch.</summary>
    /// <param name="row">In: row of the turned patch. Out: row of the patch in the picture.</param>
    /// <param name="column">In: column of the turned patch. Out: column of the patch in the picture.</param>
    /// <param name="size">Width and height of the patch.</param>
    public void TurnBack(ref int row, ref int column, int size)
    {
        int i = (Turn & Dihedral.FlipY) != 0 ? size - 1 - row : row;
        int j = (Turn & Dihedral.FlipX) != 0 ? size - 1 - column : column;
        bool swap = (Turn & Dihedral.Transpose) != 0;
        row = swap ? j : i;
        column = swap ? i : j;
    }

    /// <summary>Finds the pixel of the turned patch at which a pixel of the patch, as it lies in the picture, comes to stand.</summary>
    /// <param name="row">In: row of the patch in the picture. Out: row of the turned patch.</param>
    /// <param name="column">In: column of the patch in the picture. Out: column of the turned patch.</param>
    /// <param name="size">Width and height of the patch.</param>
    public void TurnForth(ref int row, ref int column, int size)
    {
        bool swap = (Turn & Dihedral.Transpose) != 0;
        int i = swap ? column : row, j = swap ? row : column;
        row = (Turn & Dihedral.FlipY) != 0 ? size - 1 - i : i;
        column = (Turn & Dihedral.FlipX) != 0 ? size - 1 - j : j;
    }
}
