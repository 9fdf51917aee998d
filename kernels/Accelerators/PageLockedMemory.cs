using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Host memory that an accelerator copies from or to by itself while the host goes on. ILGPU's own copies of page-locked arrays make an
/// object each time; these allocate nothing.
/// </summary>
/// <typeparam name="T">Element type.</typeparam>
public sealed class PageLockedMemory<T> : IDisposable where T : unmanaged
{
    private readonly PageLockedArray1D<T> array;
    private readonly CPUMemoryBuffer buffer;

    /// <summary>Allocates.</summary>
    /// <param name="accelerator">The accelerator; disposed after this.</param>
    /// <param name="length">Elements, at least 1.</param>
    public unsafe PageLockedMemory(Accelerator accelerator, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, 1);
        array = accelerator.AllocatePageLocked1D<T>(length);
        fixed (T* first = array.Span)
            buffer = CPUMemoryBuffer.Create(accelerator, (nint)first, length, sizeof(T)); // The array does not move.
    }

    /// <summary>The elements; not to be touched while a copy is under way.</summary>
    public Span<T> Span => array.Span;

    /// <summary>Begins to copy all elements to an accelerator, in a stream's order.</summary>
    /// <param name="stream">A stream of the accelerator.</param>
    /// <param name="target">As many elements.</param>
    public void CopyTo(AcceleratorStream stream, ArrayView<T> target) => target.CopyFrom(stream, buffer.AsArrayView<T>(0, array.Length));

    /// <summary>Begins to copy all elements from an accelerator, in a stream's order.</summary>
    /// <param name="stream">A stream of the accelerator.</param>
    /// <param name="source">As many elements.</param>
    public void CopyFrom(AcceleratorStream stream, ArrayView<T> source) => source.CopyTo(stream, buffer.AsArrayView<T>(0, array.Length));

    /// <summary>Frees it. No copy may be under way.</summary>
    public void Dispose()
    {
        buffer.Dispose();
        array.Dispose();
    }
}
