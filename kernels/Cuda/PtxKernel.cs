using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// A PTX kernel on a CUDA device, loaded and launched through the driver's interface and not by ILGPU, whose own loader would
/// take the PTX unpatched.
/// </summary>
internal sealed unsafe class PtxKernel : LoadedKernel
{
    private readonly CudaAccelerator accelerator;
    private readonly nint module;
    private readonly nint function;

    /// <summary>Loads a kernel; the driver compiles it for the device.</summary>
    /// <exception cref="CudaException">The driver refuses it; the message holds its log.</exception>
    public PtxKernel(CudaAccelerator accelerator, PtxCode code)
    {
        this.accelerator = accelerator;
        accelerator.Bind();
        var error = CudaAPI.CurrentAPI.LoadModule(out module, code.Text, out string? log);
        if (error != CudaError.CUDA_SUCCESS)
            throw new CudaException($"{code.Entry}: {error}: {log?.TrimEnd('\0')}");
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.GetModuleFunction(out function, module, code.Entry));
    }

    /// <summary>Launches.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="groups">Groups.</param>
    /// <param name="groupSize">Threads of a group.</param>
    /// <param name="parameters">The parameters' addresses, in order; they are read before this returns.</param>
    public void Launch(CudaStream stream, int groups, int groupSize, void** parameters)
    {
        accelerator.Bind(); // Every thread that calls the driver needs its context; costs nothing when it is bound already.
        CudaException.ThrowIfFailed(CudaAPI.CurrentAPI.LaunchKernel(function, groups, 1, 1, groupSize, 1, 1, 0, stream.StreamPtr, (nint)parameters, 0));
    }

    public override void Dispose()
    {
        if (accelerator.IsDisposed)
            return; // Its context took the module along.
        accelerator.Bind();
        _ = CudaAPI.CurrentAPI.DestroyModule(module); // Fails only after a launch has failed, and that is what the caller should see.
    }
}
