using EdsrIlgpu.Kernels;
using ILGPU.Runtime;

namespace EdsrIlgpu.Data;

/// <summary>Loads batches on an accelerator.</summary>
internal abstract class AcceleratorPatches : IDisposable
{
    /// <summary>For pictures of whatever bits they have.</summary>
    /// <param name="device">Where.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="load">The way in, for values of 0–255.</param>
    /// <param name="budget">Bytes of the device's memory that the pictures may take; a quarter of it, what OpenCL promises to give in one piece, if null.</param>
    public static AcceleratorPatches Create(AcceleratorDevice device, TrainingPictures pictures, PixelAffine load, long? budget)
    {
        bool isResident = pictures.Bytes <= (budget ?? device.Accelerator.MemorySize / 4);
        return pictures.Bits == 8
            ? new AcceleratorPatches<byte>(device, pictures, load, isResident)
            : new AcceleratorPatches<ushort>(device, pictures, load, isResident);
    }

    /// <summary>Where.</summary>
    public abstract AcceleratorDevice Device { get; }

    /// <summary>Whether the pictures lie in the device's memory; else patches are copied there for each batch.</summary>
    public abstract bool IsResident { get; }

    /// <summary>Writes the patches into the maps.</summary>
    public abstract void Load(AcceleratorStream stream, PatchBatch batch, DeviceMap<float> x, DeviceMap<float> target);

    public abstract void Dispose();
}
