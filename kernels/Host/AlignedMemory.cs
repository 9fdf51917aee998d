using System.Runtime.InteropServices;

namespace EdsrIlgpu.Kernels;

/// <summary>Native memory, 64-byte aligned, freed on disposal or, failing that, by the finaliser.</summary>
/// <typeparam name="T">Element type.</typeparam>
public sealed unsafe class AlignedMemory<T> : IDisposable where T : unmanaged
{
    private T* address;

    /// <summary>Allocates.</summary>
    /// <param name="length">Elements, at least 0.</param>
    /// <param name="zeroed">Whether they are cleared; pages that are not take memory only as they are touched.</param>
    /// <exception cref="OutOfMemoryException">The system has not that much.</exception>
    public AlignedMemory(long length, bool zeroed = true)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Length = length;
        nuint bytes = checked((nuint)Math.Max(1, length) * (nuint)sizeof(T));
        address = (T*)NativeMemory.AlignedAlloc(bytes, 64);
        if (zeroed)
            NativeMemory.Clear(address, bytes);
    }

    /// <summary>Frees what was not disposed.</summary>
    ~AlignedMemory() => Free();

    /// <summary>Elements.</summary>
    public long Length { get; }

    /// <summary>The first element.</summary>
    /// <exception cref="ObjectDisposedException">The memory is freed.</exception>
    public T* Address
    {
        get
        {
            ObjectDisposedException.ThrowIf(address == null, this);
            return address;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(address);
        address = null;
    }
}
