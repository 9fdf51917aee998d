using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Data;

/// <summary>Loads batches on the host.</summary>
internal abstract class HostPatches : IDisposable
{
    /// <summary>For pictures of whatever bits they have.</summary>
    public static HostPatches Create(TrainingPictures pictures, PixelAffine load) =>
        pictures.Bits == 8 ? new HostPatches<byte>(pictures, load) : new HostPatches<ushort>(pictures, load);

    /// <summary>Whether there is next to nothing to be seen in an HR patch.</summary>
    public abstract bool IsFlat(PatchPlace place);

    /// <summary>Writes the patches into the maps.</summary>
    public abstract void Load(HostDevice device, PatchBatch batch, in HostMap<float> x, in HostMap<float> target);

    public abstract void Dispose();
}
