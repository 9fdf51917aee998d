namespace EdsrIlgpu.PtxReport;

/// <summary>How many groups of a kernel a multiprocessor can hold at once.</summary>
/// <param name="Groups">Groups.</param>
/// <param name="Warps">Their warps.</param>
/// <param name="Bound">What there is too little of for more.</param>
internal sealed record Occupancy(int Groups, int Warps, string Bound)
{
    /// <summary>The bound that registers, shared memory, warps and groups set.</summary>
    public static Occupancy Of(PtxTarget target, int threads, int registers, int sharedBytes)
    {
        int warps = (threads + PtxTarget.WarpThreads - 1) / PtxTarget.WarpThreads;
        int warpRegisters = (registers * PtxTarget.WarpThreads + PtxTarget.RegisterUnit - 1) / PtxTarget.RegisterUnit * PtxTarget.RegisterUnit;
        var (groups, bound) = new[]
        {
            (PtxTarget.Warps / warps, "threads"),
            (PtxTarget.Groups, "groups"),
            (PtxTarget.PartRegisters / warpRegisters * PtxTarget.Parts / warps, "registers"),
            (target.SharedBytes / (sharedBytes + PtxTarget.ReservedBytes), "shared memory"),
        }.MinBy(limit => limit.Item1);
        return new Occupancy(groups, groups * warps, bound);
    }
}
