using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.Kernels;

/// <summary>A kernel of two views.</summary>
/// <typeparam name="T0">Elements of the first view.</typeparam>
/// <typeparam name="T1">Elements of the second view.</typeparam>
/// <typeparam name="TArguments">The arguments.</typeparam>
/// <param name="method">A static method.</param>
/// <param name="groupSize">Threads of a group.</param>
/// <param name="minGroupsPerMultiprocessor">Groups that should fit a multiprocessor at once, which bounds registers; 0 for no wish.</param>
internal sealed unsafe class AcceleratorKernel<T0, T1, TArguments>(
    Action<ArrayView<T0>, ArrayView<T1>, TArguments> method, int groupSize, int minGroupsPerMultiprocessor = 0)
    : AcceleratorKernel(method, groupSize, minGroupsPerMultiprocessor, PtxView.Size, PtxView.Size, sizeof(TArguments))
    where T0 : unmanaged
    where T1 : unmanaged
    where TArguments : unmanaged
{
    public override LoadedKernel CreateLauncher(Kernel kernel) =>
        new LauncherKernel<Action<AcceleratorStream, KernelConfig, ArrayView<T0>, ArrayView<T1>, TArguments>>(kernel);

    /// <summary>Launches without allocating; the caller keeps the views' buffers alive until the stream is done with them.</summary>
    /// <param name="device">Where.</param>
    /// <param name="stream">In which order; a stream of the device's accelerator.</param>
    /// <param name="groups">Groups, at least 1; less than 2³¹ threads in all.</param>
    /// <param name="a">First view; may be empty.</param>
    /// <param name="b">Second view; may be empty.</param>
    /// <param name="arguments">The arguments.</param>
    public void Launch(AcceleratorDevice device, AcceleratorStream stream, int groups, ArrayView<T0> a, ArrayView<T1> b, TArguments arguments)
    {
        switch (On(device, stream, groups))
        {
            case PtxKernel kernel:
                PtxView aView = PtxView.Of(a);
                PtxView bView = PtxView.Of(b);
                void** parameters = stackalloc void*[] { &aView, &bView, &arguments };
                kernel.Launch((CudaStream)stream, groups, GroupSize, parameters);
                break;
            case LauncherKernel<Action<AcceleratorStream, KernelConfig, ArrayView<T0>, ArrayView<T1>, TArguments>> kernel:
                lock (kernel)
                    kernel.Launch(stream, new KernelConfig(groups, GroupSize), a, b, arguments);
                break;
            case var unknown:
                throw Unknown(unknown);
        }
    }
}
