namespace EdsrIlgpu.PtxReport;

/// <summary>The report: what ptxas makes of every kernel.</summary>
/// <param name="Assembler">The assembler's release.</param>
/// <param name="Kernels">Every kernel on every kind of GPU.</param>
internal sealed record Report(string Assembler, IReadOnlyList<KernelFigures> Kernels)
{
    /// <summary>What is claimed, and whether it is true.</summary>
    public IReadOnlyList<Claim> Claims => Claim.About(Kernels);

    /// <summary>Compiles, assembles and disassembles everything.</summary>
    /// <exception cref="ReportException">A tool is missing or fails.</exception>
    public static Report Make()
    {
        using var tools = new CudaTools();
        try
        {
            return new Report(tools.Version, [.. PtxTarget.All.SelectMany(target =>
                ReportedKernel.All
                    .Zip(KernelPtx.Compile(ReportedKernel.All.Select(k => k.Kernel), target))
                    .AsParallel().AsOrdered()
                    .Select(k => Figures(tools, k.First, k.Second)))]);
        }
        catch (AggregateException problem) when (problem.InnerException is ReportException first)
        {
            throw first;
        }
    }

    private static KernelFigures Figures(CudaTools tools, ReportedKernel reported, KernelPtx ptx)
    {
        try
        {
            var (resources, code) = tools.Assemble(ptx);
            int fewer = ptx.RegisterLimit - KernelFigures.SpareRegisters;
            var withFewer = resources.Registers > fewer ? tools.Assemble(ptx.WithRegisters(fewer)).Resources : resources;
            return new KernelFigures(
                reported.Kernel.ToString(),
                ptx.Target.Name,
                ptx.Hash,
                reported.Kernel.GroupSize,
                resources,
                withFewer.StackBytes,
                AccessWidths.Of(code.Instructions, "LDG"),
                AccessWidths.Of(code.Instructions, "STG"),
                AccessWidths.Of(code.Instructions, "LDS"),
                AccessWidths.Of(code.Instructions, "STS"),
                Occupancy.Of(ptx.Target, reported.Kernel.GroupSize, resources.Registers, resources.SharedBytes),
                reported.IsConvolution ? LoopFigures.Of(code, reported.IsWgrad, reported.InnerLoops) : null);
        }
        catch (Exception problem) when (problem is FormatException or ReportException)
        {
            throw new ReportException($"{reported.Kernel} on {ptx.Target.Name}: {problem.Message}");
        }
    }
}
