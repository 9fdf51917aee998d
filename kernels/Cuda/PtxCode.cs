using System.Globalization;
using System.Text.RegularExpressions;
using ILGPU.Backends.PTX;
using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.Kernels;

/// <summary>A kernel as PTX, patched and ready to be loaded. It can be made without a GPU.</summary>
/// <param name="Entry">Name of its entry.</param>
/// <param name="Text">The module.</param>
internal sealed partial record PtxCode(string Entry, string Text)
{
    /// <summary>Compiles a kernel.</summary>
    /// <exception cref="InvalidOperationException">The code takes other parameters than a launch would pass.</exception>
    public static PtxCode Compile(PTXBackend backend, CudaArchitecture architecture, AcceleratorKernel kernel)
    {
        var compiled = (PTXCompiledKernel)backend.Compile(kernel.EntryPoint, kernel.Specialization);
        var code = new PtxCode(compiled.Name, PtxPatch.Apply(compiled.PTXAssembly, architecture));
        var sizes = code.ParameterSizes();
        if (!sizes.SequenceEqual(kernel.ParameterSizes))
            throw new InvalidOperationException(
                $"{kernel} takes parameters of {string.Join(", ", sizes)} bytes; a launch would pass {string.Join(", ", kernel.ParameterSizes)}.");
        return code;
    }

    /// <summary>Bytes of the entry's parameters, in order.</summary>
    public IReadOnlyList<int> ParameterSizes()
    {
        int start = Text.IndexOf($".entry {Entry}(", StringComparison.Ordinal), end = Text.IndexOf(')', Math.Max(0, start));
        if (start < 0 || end < 0)
            throw new InvalidOperationException($"The PTX has no entry {Entry}.");
        return [.. Parameter().Matches(Text[start..end]).Select(m => m.Groups["bytes"].Success ? Number(m.Groups["bytes"]) : Number(m.Groups["bits"]) / 8)];
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    // .param .align 8 .b8 _name[16]   or   .param .b32 _name
    [GeneratedRegex(@"\.param\s+(?:\.align\s+\d+\s+)?\.[a-z](?<bits>\d+)\s+\w+(?:\[(?<bytes>\d+)\])?")]
    private static partial Regex Parameter();
}
