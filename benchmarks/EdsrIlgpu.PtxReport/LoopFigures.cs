using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.PtxReport;

/// <summary>What the loops of a convolution's kernel consist of, counted in its machine code.</summary>
/// <param name="IsWgrad">Whether the kernel computes weights' gradients.</param>
/// <param name="Instructions">Instructions of the innermost loop.</param>
/// <param name="Ffma">Multiply-adds among them.</param>
/// <param name="SharedLoads128">Loads of 128 bits from shared memory among them.</param>
/// <param name="Pass">
/// Instructions of one pass of the loop that fills shared memory, for a tile wholly in the picture: every instruction of its body
/// once, even of branches that few groups take, and those of the loops within it as often as they run; 0 for kernels that have none.
/// </param>
/// <param name="PassFfma">Multiply-adds among them.</param>
/// <param name="Loads128">Loads of 128 bits from global memory among them.</param>
/// <param name="OtherLoads">Other loads from global memory among them.</param>
internal sealed record LoopFigures(bool IsWgrad, int Instructions, int Ffma, int SharedLoads128, int Pass, int PassFfma, int Loads128, int OtherLoads)
{
    /// <summary>Counts.</summary>
    /// <param name="code">The machine code.</param>
    /// <param name="isWgrad">Whether the kernel computes weights' gradients.</param>
    /// <param name="source">The loops that the source has over shared memory, if it uses it.</param>
    /// <exception cref="FormatException">The machine code's loops are not the source's, so it is not known how often they run.</exception>
    public static LoopFigures Of(SassCode code, bool isWgrad, Conv2dInnerLoops? source)
    {
        var innermost = code.Loops.Where(loop => !code.Loops.Any(other => other.IsProperSubsetOf(loop))).MaxBy(loop => code.Count(loop, i => i.IsFfma))
            ?? throw new FormatException("There is no loop.");
        var figures = new LoopFigures(
            isWgrad, innermost.Count, code.Count(innermost, i => i.IsFfma), code.Count(innermost, i => i is { Name: "LDS", Width: 128 }), 0, 0, 0, 0);
        if (source is null)
            return figures;

        // From the innermost outwards to the one that fills shared memory; ptxas may have unrolled the innermost.
        var nest = code.Loops.Where(innermost.IsSubsetOf).OrderBy(loop => loop.Count).Take(source.Trips.Count + 1).ToArray();
        int unrolled = figures.Ffma / source.MultiplyAdds;
        if (nest.Length != source.Trips.Count + 1
            || code.Loops.Count(loop => loop.IsSubsetOf(nest[^1])) != nest.Length
            || unrolled * source.MultiplyAdds != figures.Ffma
            || source.Trips[^1] % unrolled != 0)
            throw new FormatException($"The {nest.Length} loops around {figures.Ffma} FFMA are not those of the source, so it is not known how often they run.");
        int pass = 0, passFfma = 0;
        foreach (int i in nest[^1])
        {
            int weight = 1;
            for (int level = 0; level < source.Trips.Count; level++)
                if (nest[source.Trips.Count - 1 - level].Contains(i))
                    weight *= source.Trips[level];
            if (innermost.Contains(i))
                weight /= unrolled;
            pass += weight;
            if (code.Instructions[i].IsFfma)
                passFfma += weight;
        }
        return figures with
        {
            Pass = pass,
            PassFfma = passFfma,
            Loads128 = code.Count(nest[^1], i => i is { Name: "LDG", Width: 128 }),
            OtherLoads = code.Count(nest[^1], i => i is { Name: "LDG", Width: not 128 }),
        };
    }
}
