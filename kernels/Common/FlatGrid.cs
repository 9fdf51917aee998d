using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>How elementwise accelerator kernels share out a flat buffer: an element a thread.</summary>
internal readonly struct FlatGrid
{
    /// <summary>Threads of a group.</summary>
    public const int GroupSize = RowGrid.GroupSize;

    private readonly int length;

    /// <param name="length">Elements, at least 1.</param>
    /// <exception cref="ArgumentException">None, or more than 32 bits can count.</exception>
    public FlatGrid(long length)
    {
        if (length is < 1 or > int.MaxValue - GroupSize)
            throw new ArgumentException($"A buffer of {length} elements is too short or too long.");
        this.length = (int)length;
    }

    /// <summary>Groups to launch.</summary>
    public int Groups => (length + GroupSize - 1) / GroupSize;

    /// <summary>In a kernel: the element of this thread.</summary>
    /// <returns>False if there is nothing left for it.</returns>
    public bool Find(out int i)
    {
        i = Grid.IdxX * GroupSize + Group.IdxX;
        return i < length;
    }
}
