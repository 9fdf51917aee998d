using EdsrIlgpu.Kernels;
using ILGPU.Runtime;

namespace EdsrIlgpu.Data;

/// <summary>Where training batches come from: batch number n is the same whatever came before it.</summary>
public interface IBatchSource : IDisposable
{
    /// <summary>Writes a batch into the host's maps.</summary>
    internal void Load(HostDevice device, long step, in HostMap<float> x, in HostMap<float> target);

    /// <summary>Writes a batch into an accelerator's maps.</summary>
    internal void Load(AcceleratorDevice device, AcceleratorStream stream, long step, DeviceMap<float> x, DeviceMap<float> target);
}
