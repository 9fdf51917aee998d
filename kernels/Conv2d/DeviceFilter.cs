using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>A filter and its bias in the order one variant's kernel reads them, in the memory of an accelerator.</summary>
public sealed class DeviceFilter : IDisposable
{
    private readonly MemoryBuffer1D<float, Stride1D.Dense> memory;

    internal DeviceFilter(AcceleratorDevice device, string variant, Conv2dShape shape, MemoryBuffer1D<float, Stride1D.Dense> memory) =>
        (Device, Variant, C, K, this.memory) = (device, variant, shape.C, shape.K, memory);

    internal AcceleratorDevice Device { get; }

    internal string Variant { get; }

    internal int C { get; }

    internal int K { get; }

    internal ArrayView<Float4> View => memory.View.BaseView.Cast<Float4>();

    /// <summary>Bytes of device memory.</summary>
    public long Bytes => memory.LengthInBytes;

    /// <inheritdoc/>
    public void Dispose() => memory.Dispose();
}
