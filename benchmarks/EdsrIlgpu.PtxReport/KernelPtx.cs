using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using EdsrIlgpu.Kernels;
using ILGPU;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.PtxReport;

/// <summary>A kernel's PTX for one kind of GPU, as it would be loaded there. No GPU is needed to make it.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Target">The kind of GPU.</param>
/// <param name="Code">The PTX, patched.</param>
internal sealed partial record KernelPtx(AcceleratorKernel Kernel, PtxTarget Target, PtxCode Code)
{
    /// <summary>
    /// Eight digits that change with the code: of its lines in alphabetical order and without the numbers of registers, labels and
    /// parameters. ILGPU counts its nodes up in a process and orders and names some things by it, so that the same kernel is written
    /// a little differently after others.
    /// </summary>
    public string Hash
    {
        get
        {
            string[] lines = Number().Replace(Code.Text.ReplaceLineEndings("\n"), "$1").Split('\n');
            lines.Sort(string.CompareOrdinal);
            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', lines))))[..8];
        }
    }

    /// <summary>Compiles kernels for a kind of GPU.</summary>
    public static IReadOnlyList<KernelPtx> Compile(IEnumerable<AcceleratorKernel> kernels, PtxTarget target)
    {
        using var context = Context.Create(b => b.Optimize(OptimizationLevel.O2));
        // PTX 8.4 is the newest that ptxas 12.4 reads. A newer driver gets a newer version, of the same instructions.
        using var backend = new PTXBackend(context, new CudaCapabilityContext(target.Architecture), target.Architecture, CudaInstructionSet.ISA_84, null);
        return [.. kernels.Select(kernel => new KernelPtx(kernel, target, PtxCode.Compile(backend, target.Architecture, kernel)))];
    }

    /// <summary>Registers of a thread that the launch bounds allow.</summary>
    public int RegisterLimit => Kernel.Specialization.MinNumGroupsPerMultiprocessor is { } groups
        ? Math.Min(PtxTarget.MostRegisters, PtxTarget.PartRegisters * PtxTarget.Parts / (groups * Kernel.GroupSize) / PtxTarget.RegisterStep * PtxTarget.RegisterStep)
        : PtxTarget.MostRegisters;

    /// <summary>The same kernel with registers bounded otherwise.</summary>
    public KernelPtx WithRegisters(int limit) =>
        this with { Code = Code with { Text = LaunchBounds().Replace(Code.Text, $"$1.maxnreg {limit}\n") } };

    // .maxntid 128, 1, 1
    // .minnctapersm 4
    [GeneratedRegex(@"^(\.maxntid.*\n)(?:\.minnctapersm.*\n)?", RegexOptions.Multiline)]
    private static partial Regex LaunchBounds();

    // %rd240, L_1564769, _x_157649
    [GeneratedRegex(@"(%[a-z]+|\b[A-Za-z_]\w*?_)\d+\b")]
    private static partial Regex Number();
}
