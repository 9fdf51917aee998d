using System.Globalization;

namespace EdsrIlgpu.PtxReport;

/// <summary>Something that is claimed of the kernels' machine code.</summary>
/// <param name="Text">The claim.</param>
/// <param name="Contradictions">Kernels of which it is not true.</param>
internal sealed record Claim(string Text, IReadOnlyList<string> Contradictions)
{
    /// <summary>Whether it is true.</summary>
    public bool Holds => Contradictions.Count == 0;

    /// <summary>The claims about a set of kernels.</summary>
    public static IReadOnlyList<Claim> About(IReadOnlyList<KernelFigures> kernels)
    {
        var tiled = kernels.Where(k => k.Loops is { Pass: > 0 }).ToArray();
        return
        [
            Of(kernels, "No kernel has a stack or spills registers.", k => k.Resources is { StackBytes: 0, SpillStoreBytes: 0, SpillLoadBytes: 0 }),
            Of(kernels, $"Nor would any if its launch bounds allowed {KernelFigures.SpareRegisters} registers fewer.", k => k.StackWithFewer == 0),
            Share(tiled.Where(k => !k.Loops!.IsWgrad), "The innermost loop of every tiled convolution is FFMA", 0.90, k => (k.Loops!.Ffma, k.Loops.Instructions)),
            Share(tiled.Where(k => k.Loops!.IsWgrad), "The innermost loop of every tiled gradient of weights is FFMA", 0.88, k => (k.Loops!.Ffma, k.Loops.Instructions)),
            Share(tiled, "A whole pass of every tiled kernel, the filling of shared memory included, is FFMA", 0.85, k => (k.Loops!.PassFfma, k.Loops.Pass)),
            Of(tiled, "The innermost loop of every tiled kernel loads 128 bits at a time from shared memory.", k => k.Loops!.SharedLoads128 > 0),
            Of(tiled, "The loop around it loads 128 bits at a time from global memory, and never less.", k => k.Loops is { Loads128: > 0, OtherLoads: 0 }),
        ];
    }

    /// <summary>A share of multiply-adds, cut to a tenth of a per cent, so that it never looks greater than it is.</summary>
    public static string Percent(int ffma, int all) => (ffma * 1000L / all / 10.0).ToString("F1", CultureInfo.InvariantCulture) + "%";

    private static Claim Of(IEnumerable<KernelFigures> kernels, string text, Func<KernelFigures, bool> holds) =>
        new(text, [.. kernels.Where(k => !holds(k)).Select(k => $"{k.Kernel} on {k.Target}")]);

    private static Claim Share(IEnumerable<KernelFigures> kernels, string text, double least, Func<KernelFigures, (int Ffma, int All)> count)
    {
        var (ffma, all) = kernels.Select(count).MinBy(c => (double)c.Ffma / c.All);
        string found = all > 0 ? $"; the least is {Percent(ffma, all)}" : "";
        return Of(kernels, $"{text} to {least * 100:F0}% at least{found}.", k => count(k).Ffma >= least * count(k).All);
    }
}
