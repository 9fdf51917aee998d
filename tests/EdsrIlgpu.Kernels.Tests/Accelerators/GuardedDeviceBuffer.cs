using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>A flat buffer in an accelerator's memory between guards of NaN.</summary>
internal sealed class GuardedDeviceBuffer : IDisposable
{
    private const int Guard = 64;

    private readonly TestAccelerator accelerator;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> buffer;

    public GuardedDeviceBuffer(TestAccelerator accelerator, IEnumerable<double> values)
    {
        this.accelerator = accelerator;
        var guard = Enumerable.Repeat(float.NaN, Guard);
        buffer = accelerator.Upload<float>([.. guard, .. values.Select(v => (float)v), .. guard]);
    }

    /// <summary>A buffer of NaN.</summary>
    public GuardedDeviceBuffer(TestAccelerator accelerator, long length) : this(accelerator, Enumerable.Repeat(double.NaN, (int)length)) { }

    public ArrayView<float> View => buffer.View.BaseView.SubView(Guard, buffer.Length - 2 * Guard);

    /// <summary>The values, when the stream has done its work; fails if a guard was written.</summary>
    public double[] Read()
    {
        var values = accelerator.Download(buffer);
        Assert.All(values[..Guard].Concat(values[^Guard..]), v => Assert.True(float.IsNaN(v), "A guard beside the buffer was written."));
        return [.. values[Guard..^Guard].Select(v => (double)v)];
    }

    public void Dispose() => buffer.Dispose();
}
