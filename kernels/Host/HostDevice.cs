namespace EdsrIlgpu.Kernels;

/// <summary>The host's own cores as a device: a pool of threads, which end on disposal only, and the vector width their kernels use.</summary>
public sealed class HostDevice : IDisposable
{
    /// <summary>Opens the host.</summary>
    /// <param name="threads">Threads that compute; 0 for all processors.</param>
    /// <param name="simd">Vector width; the widest that the processor has if null.</param>
    /// <exception cref="ArgumentException">The processor lacks that vector width.</exception>
    public HostDevice(int threads = 0, HostSimd? simd = null)
    {
        if (simd > HostSimdSupport.Widest)
            throw new ArgumentException($"This processor has no {simd} arithmetic.", nameof(simd));
        Simd = simd ?? HostSimdSupport.Widest;
        Pool = new WorkerPool(threads > 0 ? threads : Environment.ProcessorCount);
    }

    /// <summary>The threads.</summary>
    internal WorkerPool Pool { get; }

    /// <summary>The vector width in use.</summary>
    public HostSimd Simd { get; }

    /// <inheritdoc/>
    public void Dispose() => Pool.Dispose();
}
