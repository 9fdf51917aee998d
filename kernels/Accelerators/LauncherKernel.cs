using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// A kernel that ILGPU's own launcher starts: on OpenCL, and simulated on the CPU. Whoever launches it locks it: an OpenCL kernel
/// holds its arguments itself from when they are set until it is enqueued, so two threads would mix theirs.
/// </summary>
/// <typeparam name="TLauncher">The launcher: stream, configuration, then the kernel's parameters.</typeparam>
internal sealed class LauncherKernel<TLauncher>(Kernel kernel) : LoadedKernel where TLauncher : Delegate
{
    /// <summary>Starts it.</summary>
    public TLauncher Launch { get; } = kernel.CreateLauncherDelegate<TLauncher>();

    public override void Dispose()
    {
        if (kernel is CLKernel) // What is simulated on the CPU lies in ILGPU's own cache.
            kernel.Dispose();
    }
}
