using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>An <see cref="ArrayView{T}"/> as a PTX kernel takes it.</summary>
internal readonly struct PtxView
{
    /// <summary>Bytes of one.</summary>
    public const int Size = 16;

    private readonly nint address;
    private readonly long length;

    private PtxView(nint address, long length) => (this.address, this.length) = (address, length);

    /// <summary>The device address of the view's first element, 0 if it is empty, and its length.</summary>
    public static PtxView Of<T>(ArrayView<T> view) where T : unmanaged =>
        view.Length > 0 ? new PtxView(view.LoadEffectiveAddressAsPtr(), view.Length) : default;
}
