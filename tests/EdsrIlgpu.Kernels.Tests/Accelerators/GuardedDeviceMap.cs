using EdsrIlgpu.Kernels.Tests.Host;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>A <see cref="GuardedMap"/> in an accelerator's memory, with the same guards and poison.</summary>
internal sealed class GuardedDeviceMap : IDisposable
{
    private readonly TestAccelerator accelerator;
    private readonly GuardedMap host;
    private readonly MemoryBuffer1D<float, Stride1D.Dense> buffer;

    public GuardedDeviceMap(TestAccelerator accelerator, MapShape shape, double[]? dense = null, bool poisonBorders = false)
    {
        this.accelerator = accelerator;
        host = dense is null ? new GuardedMap(shape) : new GuardedMap(shape, dense);
        if (poisonBorders)
            host.PoisonBorders();
        buffer = accelerator.Upload(host.Memory.ToArray());
    }

    public MapShape Shape => host.Shape;

    public DeviceMap<float> Map => new(buffer.View.SubView(GuardedMap.Guard, Shape.Elements), Shape);

    /// <summary>Writes rows of the dense [N, H, W, C] picture; in a ring they take the place of earlier ones.</summary>
    public void Fill(double[] dense, int y0, int y1)
    {
        Download();
        host.Fill(dense, y0, y1);
        buffer.View.CopyFromCPU(accelerator.Stream, host.Memory.ToArray());
        accelerator.Stream.Synchronize();
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
        buffer.Dispose();
        host.Dispose();
    }

    private void Download() => accelerator.Download(buffer).CopyTo(host.Memory);
}
