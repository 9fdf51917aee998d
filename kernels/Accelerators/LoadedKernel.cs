namespace EdsrIlgpu.Kernels;

/// <summary>A kernel compiled for one accelerator and loaded there.</summary>
internal abstract class LoadedKernel : IDisposable
{
    /// <summary>Unloads it.</summary>
    public abstract void Dispose();
}
