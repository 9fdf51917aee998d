using System.Runtime.CompilerServices;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// What must change in the OpenCL that ILGPU 1.5.3 writes: its <c>Group.Barrier()</c> orders global memory only, so that tiles in
/// shared memory race by the letter of OpenCL.
/// </summary>
internal static class OpenClPatch
{
    private const string Emitted = "work_group_barrier ( CLK_GLOBAL_MEM_FENCE )";
    private const string Correct = "barrier(CLK_LOCAL_MEM_FENCE | CLK_GLOBAL_MEM_FENCE)";

    /// <summary>Compiles a kernel whose barriers order shared memory too.</summary>
    public static CLCompiledKernel Compile(CLAccelerator accelerator, AcceleratorKernel kernel)
    {
        var emitted = (CLCompiledKernel)accelerator.Backend.Compile(kernel.EntryPoint, kernel.Specialization);
        return new CLCompiledKernel(accelerator.Context, EntryPoint(emitted), emitted.Info, emitted.Source.Replace(Emitted, Correct), emitted.CVersion);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_EntryPoint")]
    private static extern SeparateViewEntryPoint EntryPoint(CLCompiledKernel kernel);
}
