using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// An ILGPU accelerator as a device: CUDA, OpenCL, or ILGPU's own simulation on the CPU. It holds the kernels that were compiled
/// for the accelerator, each on its first use, and nothing else; the accelerator stays its owner's.
/// </summary>
/// <param name="accelerator">The accelerator; its context should optimise at O2. Dispose this before it.</param>
public sealed class AcceleratorDevice(Accelerator accelerator) : IDisposable
{
    private readonly ConcurrentDictionary<AcceleratorKernel, LoadedKernel> kernels = new();
    private readonly Lock loading = new();
    private bool disposed;

    /// <summary>The accelerator.</summary>
    public Accelerator Accelerator { get; } = accelerator;

    /// <summary>The kernels that were launched so far.</summary>
    internal IEnumerable<AcceleratorKernel> Loaded => kernels.Keys;

    /// <summary>Allocates memory of the accelerator; the caller disposes it.</summary>
    /// <param name="length">Elements.</param>
    /// <exception cref="OutOfMemoryException">The accelerator has not that much, whatever its driver calls it.</exception>
    public MemoryBuffer1D<T, Stride1D.Dense> Allocate<T>(long length) where T : unmanaged
    {
        try
        {
            return Accelerator.Allocate1D<T>(length);
        }
        catch (AcceleratorException problem)
        {
            throw new OutOfMemoryException($"{Accelerator.Name} has no {length * Unsafe.SizeOf<T>() >> 20} MiB left: {problem.Message}", problem);
        }
    }

    /// <summary>Unloads the kernels. No launch may be under way.</summary>
    public void Dispose()
    {
        lock (loading)
        {
            disposed = true;
            foreach (var kernel in kernels.Values)
                kernel.Dispose();
            kernels.Clear();
        }
    }

    /// <summary>Compiles a kernel, or finds it compiled. Safe from several threads.</summary>
    internal LoadedKernel Load(AcceleratorKernel kernel)
    {
        if (kernels.TryGetValue(kernel, out var loaded))
            return loaded;
        lock (loading)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (!kernels.TryGetValue(kernel, out loaded))
                kernels[kernel] = loaded = Compile(kernel);
            return loaded;
        }
    }

    private LoadedKernel Compile(AcceleratorKernel kernel) => Accelerator switch
    {
        CudaAccelerator cuda => new PtxKernel(cuda, PtxCode.Compile(cuda.Backend, cuda.Architecture, kernel)),
        CLAccelerator openCL => kernel.CreateLauncher(openCL.LoadKernel(OpenClPatch.Compile(openCL, kernel))),
        _ => kernel.CreateLauncher(Accelerator.LoadKernel(kernel.Method, kernel.Specialization)),
    };
}
