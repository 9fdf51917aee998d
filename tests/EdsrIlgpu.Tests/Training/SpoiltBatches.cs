using EdsrIlgpu.Data;
using EdsrIlgpu.Kernels;
using ILGPU.Runtime;

namespace EdsrIlgpu.Tests.Training;

/// <summary>Batches whose targets are multiplied by something at some steps.</summary>
internal sealed class SpoiltBatches(IBatchSource batches, Func<long, float> factor) : IBatchSource
{
    void IBatchSource.Load(HostDevice device, long step, in HostMap<float> x, in HostMap<float> target)
    {
        batches.Load(device, step, x, target);
        float by = factor(step);
        if (by == 1)
            return;
        for (int n = 0; n < target.Shape.N; n++)
            for (int y = 0; y < target.Shape.H; y++)
                foreach (ref float value in target.Pixels(n, y))
                    value *= by;
    }

    void IBatchSource.Load(AcceleratorDevice device, AcceleratorStream stream, long step, DeviceMap<float> x, DeviceMap<float> target) =>
        batches.Load(device, stream, step, x, target);

    public void Dispose() { }
}
