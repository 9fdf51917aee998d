using EdsrIlgpu.Devices;
using EdsrIlgpu.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>A stream of an accelerator, for tests that launch kernels themselves, and the memory that they allocate.</summary>
internal sealed class AcceleratorScratch(ComputeDevice device) : IDisposable
{
    private readonly List<MemoryBuffer> memory = [];

    public AcceleratorDevice Device { get; } = ((AcceleratorComputeDevice)device).Device;

    public AcceleratorStream Stream { get; } = ((AcceleratorComputeDevice)device).Device.Accelerator.CreateStream();

    /// <summary>A buffer with these values.</summary>
    public ArrayView<float> Upload(params float[] values)
    {
        var buffer = Device.Allocate<float>(values.Length);
        memory.Add(buffer);
        buffer.View.CopyFromCPU(Stream, values);
        Stream.Synchronize();
        return buffer.View;
    }

    /// <summary>A map that is NaN wherever nothing was written.</summary>
    public DeviceMap<float> Map(MapShape shape)
    {
        var map = new DeviceMap<float>(Upload([.. Enumerable.Repeat(float.NaN, (int)shape.Elements)]), shape);
        map.ZeroBorders(Device, Stream);
        return map;
    }

    /// <summary>A map with the values of a dense [N, H, W, C].</summary>
    public DeviceMap<float> Map(MapShape shape, float[] dense)
    {
        var map = Map(shape);
        MapCopyKernels.Load(Device, Stream, Upload(dense), map, 0, shape.H);
        return map;
    }

    /// <summary>What a buffer holds when the stream has done its work.</summary>
    public float[] Read(ArrayView<float> view)
    {
        var values = new float[view.Length];
        view.CopyToCPU(Stream, values);
        Stream.Synchronize();
        return values;
    }

    /// <summary>The pixels of a map, [N, H, W, C].</summary>
    public float[] Read(DeviceMap<float> map)
    {
        var dense = Upload(new float[map.Shape.N * map.Shape.H * map.Shape.W * map.Shape.C]);
        MapCopyKernels.Store(Device, Stream, map, dense, 0, map.Shape.H);
        return Read(dense);
    }

    public void Dispose()
    {
        Stream.Synchronize();
        memory.ForEach(m => m.Dispose());
        Stream.Dispose();
    }
}
