using EdsrIlgpu.PtxReport;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>The committed report on the kernels' machine code is of today's kernels, and says what is true of its own figures.</summary>
public class PtxReportTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "ptx-report.md")).ReplaceLineEndings("\n");
    private static readonly Report Committed = ReportText.Parse(Text);

    [Fact]
    public void It_is_what_the_tool_writes_of_its_own_rows() => Assert.Equal(ReportText.Write(Committed), Text);

    [Fact]
    public void Its_claims_are_true_of_its_rows()
    {
        Assert.All(Committed.Claims, claim => Assert.True(claim.Holds, ReportText.Line(claim)));
        Assert.All(Committed.Kernels, row =>
        {
            var kernel = ReportedKernel.All.Single(k => k.Kernel.ToString() == row.Kernel);
            Assert.Equal(kernel.IsConvolution, row.Loops is not null);
            Assert.Equal(kernel.InnerLoops is not null, row.Loops is { Pass: > 0 });
        });
    }

    [Fact]
    public void It_has_every_kernel_on_every_target_and_no_other() =>
        Assert.Equal(
            PtxTarget.All.SelectMany(target => ReportedKernel.All.Select(k => $"{k.Kernel} on {target.Name}")),
            Committed.Kernels.Select(k => $"{k.Kernel} on {k.Target}"));

    [Fact]
    public void It_is_of_todays_kernels()
    {
        var hashes = PtxTarget.All.SelectMany(CompiledKernels.For).ToDictionary(k => (k.Kernel.ToString(), k.Target.Name), k => k.Hash);
        var stale = Committed.Kernels.Where(k => hashes.GetValueOrDefault((k.Kernel, k.Target)) != k.Hash).Select(k => $"{k.Kernel} on {k.Target}").ToArray();
        // Whoever changes a kernel may have no ptxas, so this is no failure; but the figures are of other code.
        Assert.SkipWhen(stale.Length > 0, $"docs/ptx-report.md is stale: {stale.Length} kernels have changed since, {stale.FirstOrDefault()} among them. Where ptxas and nvdisasm are installed, scripts/ptx-report writes it anew.");
    }

    [Fact]
    public void Machine_code_is_counted_by_its_loops()
    {
        // A loop that copies, around one that computes, which it leaves by a call that does not return; a cold part stands behind.
        var code = SassCode.Parse("""
            Kernel_Run:
                    /*0000*/                   MOV R1, c[0x0][0x28] ;
            .L_x_0:
                    /*0010*/                   LDG.E.128.CONSTANT R4, [R2.64] ;
                    /*0020*/              @!P1 BRA `(.L_x_3) ;
            .L_x_2:
                    /*0030*/                   STS.128 [R8], R4 ;
            .L_x_1:
                    /*0040*/                   LDS.128 R12, [R8] ;
                    /*0050*/                   FFMA R0, R12, R13, R0 ;
                    /*0060*/                   FFMA.FTZ R0, R14, R15, R0 ;
                    /*0070*/               @P0 CALL.REL.NOINC `(.L_x_4) ;
                    /*0080*/                   BRA `(.L_x_1) ;
            .L_x_4:
                    /*0090*/               @P2 BRA `(.L_x_0) ;
                    /*00a0*/                   STG.E.U8 [R2.64], R0 ;
                    /*00b0*/                   EXIT ;
            .L_x_3:
                    /*00c0*/                   MOV R4, RZ ;
                    /*00d0*/                   BRA `(.L_x_2) ;
            .L_x_5:
                    /*00e0*/                   BRA `(.L_x_5);
            """);
        Assert.Equal(15, code.Instructions.Count);
        Assert.Equal([5, 11], code.Loops.Select(l => l.Count).Order());
        Assert.Equal(new AccessWidths(1, 0, 0, 0), AccessWidths.Of(code.Instructions, "STG"));

        // 6 instructions around 4 trips of 5, of which 2 are multiply-adds.
        Assert.Equal(new LoopFigures(false, 5, 2, 1, 6 + 4 * 5, 4 * 2, 1, 0), LoopFigures.Of(code, false, new Conv2dInnerLoops([4], 2)));
        // The same from a source of half the work a trip, which the assembler has unrolled.
        Assert.Equal(new LoopFigures(false, 5, 2, 1, 6 + 2 * 5, 2 * 2, 1, 0), LoopFigures.Of(code, false, new Conv2dInnerLoops([4], 1)));
        // Two loops over shared memory, or three multiply-adds, it does not have.
        Assert.Throws<FormatException>(() => LoopFigures.Of(code, false, new Conv2dInnerLoops([2, 2], 2)));
        Assert.Throws<FormatException>(() => LoopFigures.Of(code, false, new Conv2dInnerLoops([4], 3)));
    }

    [Theory]
    [InlineData("sm_80", 128, 128, 12416, 4, "registers")]
    [InlineData("sm_80", 64, 128, 19456, 8, "registers")]
    [InlineData("sm_80", 128, 32, 40000, 4, "shared memory")]
    [InlineData("sm_90a", 128, 32, 40000, 5, "shared memory")]
    [InlineData("sm_80", 128, 33, 0, 12, "registers")]
    [InlineData("sm_80", 128, 16, 0, 16, "threads")]
    [InlineData("sm_80", 32, 16, 0, 32, "groups")]
    public void Occupancy_is_bounded_by_what_runs_out_first(string target, int threads, int registers, int sharedBytes, int groups, string bound) =>
        Assert.Equal(new Occupancy(groups, groups * threads / 32, bound), Occupancy.Of(PtxTarget.All.Single(t => t.Name == target), threads, registers, sharedBytes));
}
