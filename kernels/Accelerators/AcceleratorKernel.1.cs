using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.Kernels;

/// <summary>A kernel of one view.</summary>
/// <typeparam name="T0">Elements of the first view.</typeparam>
/// <typeparam name="TArguments">The arguments.</typeparam>
/// <param name="method">A static method.</param>
/// <param name="groupSize">Threads of a group.</param>
/// <param name="minGroupsPerMultiprocessor">Groups that should fit a multiprocessor at once, which bounds registers; 0 for no wish.</param>
internal sealed unsafe class AcceleratorKernel<T0, TArguments>(
    Action<ArrayView<T0>, TArguments> method, int groupSize, int minGroupsPerMultiprocessor = 0)
    : AcceleratorKernel(method, groupSize, minGroupsPerMultiprocessor, PtxView.Size, sizeof(TArguments))
    where T0 : unmanaged
    where TArguments : unmanaged
{
    public override LoadedKernel CreateLauncher(Kernel kernel) =>
        new LauncherKernel<Action<AcceleratorStream, KernelConfig, ArrayView<T0>, TArguments>>(kernel);

    /// <summary>Launches without allocating; the caller keeps the views' buffers alive until the stream is done with them.</summary>
    /// <param name="device">Where.</param>
    /// <param name="stream">In which order; a stream of the device's accelerator.</param>
    /// <param name="groups">Groups, at least 1; less than 2³¹ threads in all.</param>
    /// <param name="a">First view; may be empty.</param>
    /// <param name="arguments">The arguments.</param>
    public void Launch(AcceleratorDevice device, AcceleratorStream stream, int groups, ArrayView<T0> a, TArguments arguments)
    {
        switch (On(device, stream, groups))
        {
            case PtxKernel kernel:
                PtxView aView = PtxView.Of(a);
                void** parameters = stackalloc void*[] { &aView, &arguments };
                kernel.Launch((CudaStream)stream, groups, GroupSize, parameters);
                break;
            case LauncherKernel<Action<AcceleratorStream, KernelConfig, ArrayView<T0>, TArguments>> kernel:
                lock (kernel)
                    kernel.Launch(stream, new KernelConfig(groups, GroupSize), a, arguments);
                break;
            case var unknown:
                throw Unknown(unknown);
        }
    }
}
