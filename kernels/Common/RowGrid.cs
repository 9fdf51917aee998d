using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// How elementwise accelerator kernels share out rows of maps: a thread takes one unit (a float, or a <see cref="Float4"/>) of a
/// row, and a group's threads take neighbouring units of one row, so that their accesses are one run of memory.
/// </summary>
internal readonly struct RowGrid
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = 128;

    private readonly int firstRow, rowCount, groupsPerRow, units;

    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <param name="units">Units of a row.</param>
    public RowGrid(int y0, int y1, int units)
    {
        firstRow = y0;
        rowCount = y1 - y0;
        this.units = units;
        groupsPerRow = (units + GroupSize - 1) / GroupSize;
    }

    /// <summary>Groups to launch for <paramref name="n"/> pictures.</summary>
    public int Groups(int n) => checked(n * rowCount * groupsPerRow);

    /// <summary>In a kernel: what this thread does.</summary>
    /// <param name="n">The picture.</param>
    /// <param name="row">The row.</param>
    /// <param name="unit">The unit of the row, pixel 0's first being 0.</param>
    /// <returns>False if there is nothing left for it.</returns>
    public bool Find(out int n, out int row, out int unit)
    {
        int line = Grid.IdxX / groupsPerRow;
        n = line / rowCount;
        row = firstRow + (line - n * rowCount);
        unit = (Grid.IdxX - line * groupsPerRow) * GroupSize + Group.IdxX;
        return unit < units;
    }
}
