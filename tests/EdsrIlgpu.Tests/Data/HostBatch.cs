using EdsrIlgpu.Data;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Tests.Data;

/// <summary>Host maps for a sampler's batches, and what was loaded into them.</summary>
internal sealed unsafe class HostBatch : IDisposable
{
    private readonly HostDevice device;
    private readonly AlignedMemory<float> memory;
    private readonly HostMap<float> x, target;

    public HostBatch(PatchOptions options, int threads = 2)
    {
        device = new HostDevice(threads);
        var lr = new MapShape(options.Batch, options.Patch, options.Patch, options.Channels);
        var hr = new MapShape(options.Batch, options.HrPatch, options.HrPatch, options.Channels);
        memory = new AlignedMemory<float>(lr.Elements + hr.Elements + hr.RowPitch);
        float* zeros = memory.Address + lr.Elements + hr.Elements;
        x = new HostMap<float>(memory.Address, zeros, lr);
        target = new HostMap<float>(memory.Address + lr.Elements, zeros, hr);
    }

    public void Load(IBatchSource source, long step) => source.Load(device, step, x, target);

    /// <summary>Loads a batch and returns it, dense.</summary>
    public (float[] X, float[] Target) Read(IBatchSource source, long step)
    {
        Load(source, step);
        return (Dense(x), Dense(target));
    }

    public void Dispose()
    {
        memory.Dispose();
        device.Dispose();
    }

    private static float[] Dense(HostMap<float> map)
    {
        var values = new List<float>();
        for (int n = 0; n < map.Shape.N; n++)
            for (int y = 0; y < map.Shape.H; y++)
                values.AddRange(map.Pixels(n, y));
        return [.. values];
    }
}
