using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// An activation map in an accelerator's memory: a view with a <see cref="MapShape"/>. The contract is that of
/// <see cref="HostMap{T}"/>, but for the zero row: where a row outside the picture is meant, accelerator kernels leave it out or
/// read a border's zeros. It owns nothing; whoever made the memory keeps it alive.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
public readonly struct DeviceMap<T> where T : unmanaged
{
    /// <summary>Binds memory to a shape. Its borders must be zero (<see cref="ZeroBorders"/>).</summary>
    /// <param name="memory">At least <c>shape.Elements</c> elements, a multiple of <see cref="MapShape.RowAlignment"/> elements behind a buffer's beginning.</param>
    /// <param name="shape">The map's shape.</param>
    /// <exception cref="ArgumentException">The view is misaligned or too short.</exception>
    public DeviceMap(ArrayView<T> memory, MapShape shape)
    {
        shape.Validate();
        if (memory.Length < shape.Elements)
            throw new ArgumentException($"{shape} has {shape.Elements} elements; the view has {memory.Length}.");
        long start = Place(memory).Begin;
        if (start % MapShape.RowAlignment != 0)
            throw new ArgumentException($"The view begins {start} elements behind its buffer's beginning; that must be a multiple of {MapShape.RowAlignment}.");
        (View, Shape) = (memory.SubView(0, shape.Elements), shape);
    }

    /// <summary>The map's elements; empty for <c>default</c>.</summary>
    public ArrayView<T> View { get; }

    /// <summary>The map's shape.</summary>
    public MapShape Shape { get; }

    /// <summary>True for <c>default</c>: no map.</summary>
    public bool IsEmpty => View.Length == 0;

    /// <summary>Whether two maps have memory in common.</summary>
    internal bool Overlaps(in DeviceMap<T> other)
    {
        var (buffer, begin) = Place(View);
        var (otherBuffer, otherBegin) = Place(other.View);
        return buffer == otherBuffer && begin < otherBegin + other.View.Length && otherBegin < begin + View.Length;
    }

    // Generic, so that the view is not boxed.
    private static (MemoryBuffer Buffer, long Begin) Place<TView>(TView view) where TView : struct, IContiguousArrayView => (view.Buffer, view.Index);

    /// <summary>Zeroes both border columns of every stored row. Done once when memory is bound; no kernel writes there.</summary>
    public void ZeroBorders(AcceleratorDevice device, AcceleratorStream stream)
    {
        var arguments = new ZeroBordersKernel<T>.Arguments(Shape);
        ZeroBordersKernel<T>.Definition.Launch(device, stream, arguments.Rows.Groups(Shape.N), View, arguments);
    }
}
