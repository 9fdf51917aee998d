using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// An activation map in an accelerator's memory: a <see cref="MapShape"/> somewhere in a view, and a zero row in the same view.
/// The contract is that of <see cref="HostMap{T}"/>. It owns nothing; whoever made the memory keeps it alive.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
public readonly struct DeviceMap<T> where T : unmanaged
{
    /// <summary>Binds memory to a shape.</summary>
    /// <param name="memory">The view that holds both, from the beginning of a buffer or a multiple of <see cref="MapShape.RowAlignment"/> elements behind it.</param>
    /// <param name="offset">First element of the map, a multiple of <see cref="MapShape.RowAlignment"/>; <c>shape.Elements</c> follow.</param>
    /// <param name="zeroRow">First element of <c>shape.RowPitch</c> zeros that nobody writes; such a multiple too.</param>
    /// <param name="shape">The map's shape.</param>
    /// <exception cref="ArgumentException">An offset is misaligned, or the view too short.</exception>
    public DeviceMap(ArrayView<T> memory, long offset, long zeroRow, MapShape shape)
    {
        shape.Validate();
        long start = ((IContiguousArrayView)memory).Index;
        if (start % MapShape.RowAlignment != 0 || offset % MapShape.RowAlignment != 0 || zeroRow % MapShape.RowAlignment != 0)
            throw new ArgumentException($"The view's place in its buffer, {start}, and the offsets {offset} and {zeroRow} must be multiples of {MapShape.RowAlignment}.");
        if (offset < 0 || zeroRow < 0 || offset + shape.Elements > memory.Length || zeroRow + shape.RowPitch > memory.Length)
            throw new ArgumentException($"{shape} at {offset}, with its zero row at {zeroRow}, lies not within {memory.Length} elements.");
        (Memory, Offset, ZeroRow, Shape) = (memory, offset, zeroRow, shape);
    }

    /// <summary>The view that holds the map and the zero row.</summary>
    public ArrayView<T> Memory { get; }

    /// <summary>First element of the map in <see cref="Memory"/>.</summary>
    public long Offset { get; }

    /// <summary>First element of the zero row in <see cref="Memory"/>.</summary>
    public long ZeroRow { get; }

    /// <summary>The map's shape.</summary>
    public MapShape Shape { get; }

    /// <summary>True for <c>default</c>: no map.</summary>
    public bool IsEmpty => Memory.Length == 0;

    /// <summary>The map alone; empty if there is none.</summary>
    public ArrayView<T> View => IsEmpty ? default : Memory.SubView(Offset, Shape.Elements);

    /// <summary>Zeroes both border columns of every stored row. Done once when memory is bound; no kernel writes there.</summary>
    public void ZeroBorders(AcceleratorDevice device, AcceleratorStream stream)
    {
        var arguments = new ZeroBordersKernel<T>.Arguments(Shape);
        ZeroBordersKernel<T>.Definition.Launch(device, stream, arguments.Rows.Groups(Shape.N), View, arguments);
    }
}
