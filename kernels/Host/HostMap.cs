using System.Runtime.CompilerServices;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// An activation map in the host's memory: a pointer with a <see cref="MapShape"/>, and one row of zeros, which maps may share,
/// that stands for all rows outside the picture. It owns nothing; whoever made the memory keeps it alive. The memory should be
/// 64-byte aligned.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
public readonly unsafe struct HostMap<T> where T : unmanaged
{
    private readonly T* data;
    private readonly T* zeroRow;

    /// <summary>Binds memory to a shape.</summary>
    /// <param name="data">At least <c>shape.Elements</c> elements.</param>
    /// <param name="zeroRow">At least <c>shape.RowPitch</c> zeros that nobody writes.</param>
    /// <param name="shape">The map's shape.</param>
    /// <exception cref="ArgumentException">A pointer is null, or the shape none of a map.</exception>
    public HostMap(T* data, T* zeroRow, MapShape shape)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(zeroRow);
        shape.Validate();
        this.data = data;
        this.zeroRow = zeroRow;
        Shape = shape;
    }

    /// <summary>The map's shape.</summary>
    public MapShape Shape { get; }

    /// <summary>True for <c>default</c>: no map.</summary>
    public bool IsEmpty => data == null;

    /// <summary>Address of pixel (n, y, −1), the left border; any y, rows outside the picture are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Border(int n, int y) => (uint)y < (uint)Shape.H ? data + Shape.Border(n, y) : zeroRow;

    /// <summary>Address of pixel (n, y, 0); any y, rows outside the picture are zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T* Row(int n, int y) => Border(n, y) + Shape.C;

    /// <summary>The pixels (n, y, 0) to (n, y, W − 1) of a row inside the picture.</summary>
    public Span<T> Pixels(int n, int y) => new(Row(n, y), Shape.W * Shape.C);

    /// <summary>Whether two maps have memory in common.</summary>
    internal bool Overlaps(in HostMap<T> other) => data < other.data + other.Shape.Elements && other.data < data + Shape.Elements;

    /// <summary>Zeroes both border columns of every stored row. Done once when memory is bound; no kernel writes there.</summary>
    public void ZeroBorders()
    {
        for (long row = 0; row < (long)Shape.N * Shape.Rows; row++)
        {
            T* start = data + row * Shape.RowPitch;
            new Span<T>(start, Shape.C).Clear();
            new Span<T>(start + (Shape.W + 1L) * Shape.C, Shape.C).Clear();
        }
    }
}
