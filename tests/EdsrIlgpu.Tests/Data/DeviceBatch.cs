using EdsrIlgpu.Data;
using EdsrIlgpu.Kernels;
using ILGPU.Runtime;

namespace EdsrIlgpu.Tests.Data;

/// <summary>An accelerator's maps for a sampler's batches, and what was loaded into them.</summary>
internal sealed class DeviceBatch : IDisposable
{
    private readonly AcceleratorDevice device;
    private readonly AcceleratorStream stream;
    private readonly MemoryBuffer1D<float, ILGPU.Stride1D.Dense> memory, dense;
    private readonly DeviceMap<float> x, target;

    public DeviceBatch(AcceleratorDevice device, PatchOptions options)
    {
        this.device = device;
        stream = device.Accelerator.CreateStream();
        var lr = new MapShape(options.Batch, options.Patch, options.Patch, options.Channels);
        var hr = new MapShape(options.Batch, options.HrPatch, options.HrPatch, options.Channels);
        memory = device.Allocate<float>(lr.Elements + hr.Elements);
        dense = device.Allocate<float>((long)hr.N * hr.H * hr.W * hr.C);
        x = new DeviceMap<float>(memory.View.SubView(0, lr.Elements), lr);
        target = new DeviceMap<float>(memory.View.SubView(lr.Elements, hr.Elements), hr);
    }

    public void Load(IBatchSource source, long step) => source.Load(device, stream, step, x, target);

    /// <summary>Loads a batch and returns it, dense.</summary>
    public (float[] X, float[] Target) Read(IBatchSource source, long step)
    {
        Load(source, step);
        return (Dense(x), Dense(target));
    }

    public void Synchronize() => stream.Synchronize();

    public void Dispose()
    {
        memory.Dispose();
        dense.Dispose();
        stream.Dispose();
    }

    private float[] Dense(DeviceMap<float> map)
    {
        var values = new float[map.Shape.N * map.Shape.H * map.Shape.W * map.Shape.C];
        MapCopyKernels.Store(device, stream, map, dense.View, 0, map.Shape.H);
        dense.View.SubView(0, values.Length).CopyToCPU(stream, values);
        stream.Synchronize();
        return values;
    }
}
