using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>An accelerator that tests share, with a stream and the kernels compiled for it.</summary>
/// <param name="kind">Which of <see cref="AcceleratorFixture.Kinds"/>.</param>
/// <param name="accelerator">It is disposed with this.</param>
public sealed class TestAccelerator(string kind, Accelerator accelerator) : IDisposable
{
    public AcceleratorDevice Device { get; } = new(accelerator);

    public AcceleratorStream Stream { get; } = accelerator.CreateStream();

    /// <summary>It simulates, or is watched, thousands of times slower than a device: only the smallest shapes.</summary>
    public bool IsSlow { get; } = kind == AcceleratorFixture.Simulated || Oclgrind.IsHere || AcceleratorChoice.IsSmall;

    /// <summary>A buffer with these values.</summary>
    public MemoryBuffer1D<T, Stride1D.Dense> Upload<T>(T[] values) where T : unmanaged
    {
        var buffer = accelerator.Allocate1D<T>(values.Length);
        buffer.View.CopyFromCPU(Stream, values);
        Stream.Synchronize();
        return buffer;
    }

    /// <summary>What a buffer holds when the stream has done its work.</summary>
    public T[] Download<T>(MemoryBuffer1D<T, Stride1D.Dense> buffer) where T : unmanaged
    {
        var values = new T[buffer.Length];
        buffer.View.CopyToCPU(Stream, values);
        Stream.Synchronize();
        return values;
    }

    public void Dispose()
    {
        Stream.Dispose();
        Device.Dispose();
        accelerator.Dispose();
    }
}
