using System.Globalization;
using System.Text.RegularExpressions;
using EdsrIlgpu.PtxReport;
using ILGPU;
using ILGPU.Runtime.Cuda;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Every kernel as PTX, as it would be loaded on a GPU; none is needed for it.</summary>
public partial class PtxTests
{
    public static TheoryData<string> Targets => [.. PtxTarget.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_kernel_compiles_and_takes_what_a_launch_passes(string target)
    {
        foreach (var (kernel, _, code) in CompiledKernels.For(PtxTarget.All.Single(t => t.Name == target)))
        {
            Assert.Contains($".target {target}\n", code.Text.ReplaceLineEndings("\n"));
            Assert.DoesNotContain("bra.uni", code.Text);
            Assert.DoesNotMatch(@"\.extern\s+\.func", code.Text);
            Assert.DoesNotMatch(@"\b(ld|st)\.(v[24]\.)?[bfsu]\d", code.Text); // Accesses whose memory the compiler does not know.
            Assert.Contains($".maxntid {kernel.GroupSize}", code.Text);
            Assert.Equal(kernel.Specialization.MinNumGroupsPerMultiprocessor is not null, code.Text.Contains(".minnctapersm"));
            Assert.InRange(SharedArray().Matches(code.Text).Sum(m => int.Parse(m.Groups[1].ValueSpan, CultureInfo.InvariantCulture)), 0, 48 * 1024);

            // What the code reads of a parameter is where C# puts it.
            var loads = Loads(code);
            var parameters = kernel.Method.GetParameters();
            Assert.Equal(parameters.Length, loads.Count);
            for (int i = 0; i < parameters.Length; i++)
            {
                var expected = i == parameters.Length - 1 ? ManagedLayout.Of(parameters[i].ParameterType, kernel.ParameterSizes[i]) : ManagedLayout.Of(typeof(PtxView), PtxView.Size);
                Assert.True(expected.SequenceEqual(loads[i]), $"{kernel}, {parameters[i].Name}: {string.Join(" ", loads[i])} is read, {string.Join(" ", expected)} is passed.");
            }
        }
    }

    [Fact]
    public void Branches_lose_their_mark_and_the_target_is_the_devices_up_to_hopper()
    {
        const string Emitted = ".version 8.4\n.target sm_80\n\tbra.uni\tL_1;\n@%p1 bra.uni L_2;";
        Assert.Equal(".version 8.4\n.target sm_80\n\tbra\tL_1;\n@%p1 bra L_2;", PtxPatch.Apply(Emitted, CudaArchitecture.SM_80));
        Assert.Contains(".target sm_86\n", PtxPatch.Apply(Emitted, CudaArchitecture.SM_86));
        Assert.Contains(".target sm_90a\n", PtxPatch.Apply(Emitted, CudaArchitecture.SM_90));
        Assert.Contains(".target sm_80\n", PtxPatch.Apply(Emitted, new CudaArchitecture(12, 0)));
        Assert.Contains(".target sm_75\n", PtxPatch.Apply(Emitted.Replace("sm_80", "sm_75"), CudaArchitecture.SM_75));
    }

    [Fact]
    public void Arguments_that_a_device_lays_out_otherwise_are_refused()
    {
        var kernel = new AcceleratorKernel<float, Flagged>(RunFlagged, 32);
        var error = Assert.Throws<InvalidOperationException>(() => KernelPtx.Compile([kernel], PtxTarget.All[0]));
        Assert.Contains("RunFlagged", error.Message);
    }

    /// <summary>For each parameter the offsets and bytes that the code loads.</summary>
    private static List<IReadOnlyList<(int Offset, int Bytes)>> Loads(PtxCode code)
    {
        var loads = new Dictionary<string, List<(int, int)>>();
        foreach (Match match in ParameterLoad().Matches(code.Text))
        {
            if (!loads.TryGetValue(match.Groups["name"].Value, out var list))
                loads.Add(match.Groups["name"].Value, list = []);
            int offset = match.Groups["offset"].Success ? int.Parse(match.Groups["offset"].ValueSpan, CultureInfo.InvariantCulture) : 0;
            list.Add((offset, int.Parse(match.Groups["bits"].ValueSpan, CultureInfo.InvariantCulture) / 8));
        }
        return [.. loads.Values.Select(l => (IReadOnlyList<(int, int)>)[.. l.Order()])];
    }

    [GeneratedRegex(@"ld\.param\.[a-z](?<bits>\d+)\s+%\w+,\s*\[(?<name>\w+)(?:\+(?<offset>\d+))?\]")]
    private static partial Regex ParameterLoad();

    // .shared .align 16 .b8 __shared_alloca0[5760]
    [GeneratedRegex(@"\.shared\s+\.align\s+\d+\s+\.b8\s+\w+\[(\d+)\]")]
    private static partial Regex SharedArray();

    private static void RunFlagged(ArrayView<float> y, Flagged arguments)
    {
        if (arguments.Flag)
            y[Grid.IdxX] = 1;
    }

    private readonly record struct Flagged(bool Flag);
}
