using EdsrIlgpu.Kernels.Tests.Host;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>A <see cref="GuardedMap"/> in the memory of an accelerator: guards, poison and all, written there and read back.</summary>
internal sealed class DeviceGuardedMap : IDisposable
{
    private readonly AcceleratorStream stream;
    private readonly GuardedMap host;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> memory;

    public DeviceGuardedMap(AcceleratorStream stream, MapShape shape, double[]? dense = null)
    {
        this.stream = stream;
        host = dense is null ? new GuardedMap(shape) : new GuardedMap(shape, dense);
        memory = stream.Accelerator.Allocate1D<float>(host.Memory.Length);
        Upload();
    }

    public DeviceMap<float> Map => new(memory.View.BaseView, GuardedMap.Guard, host.Shape.Elements + 2 * GuardedMap.Guard, host.Shape);

    /// <summary>Writes rows of the dense [N, H, W, C] picture; in a ring they take the place of earlier ones.</summary>
    public void Fill(double[] dense, int y0, int y1)
    {
        Download();
        host.Fill(dense, y0, y1);
        Upload();
    }

    public double[] Read(int y0, int y1)
    {
        Download();
        return host.Read(y0, y1);
    }

    /// <summary>Everything but the pixels is as it was.</summary>
    public void AssertUntouchedAround()
    {
        Download();
        host.AssertUntouchedAround();
    }

    public void Dispose()
    {
        memory.Dispose();
        host.Dispose();
    }

    private void Upload()
    {
        memory.View.BaseView.CopyFromCPU(stream, host.Memory);
        stream.Synchronize();
    }

    private void Download()
    {
        memory.View.BaseView.CopyToCPU(stream, host.Memory);
        stream.Synchronize();
    }
}
