using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EdsrIlgpu.PtxReport;

/// <summary>The report as Markdown: written, and read again without loss.</summary>
internal static partial class ReportText
{
    private const string Resources = "| kernel | PTX | threads | registers | shared memory, bytes | stack, bytes | spill stores, loads, bytes | stack with fewer, bytes | LDG | STG | LDS | STS | groups | warps | bound by |";
    private const string Loops = "| kernel | computes | innermost loop | FFMA | share | LDS.128 | a whole pass | FFMA | share | LDG.128 | other LDG |";

    /// <summary>Writes it.</summary>
    public static string Write(Report report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"""
            # What ptxas makes of the kernels

            Written by `scripts/ptx-report`, with ptxas {report.Assembler}: each kernel as ILGPU compiles it and as it is loaded (`kernels/Cuda/PtxPatch.cs`), assembled by `ptxas -v` and disassembled by `nvdisasm`. Counted, not timed, and nothing here ran on a GPU: the driver assembles the same PTX with its own ptxas, which may differ. A test compares the PTX column with today's kernels and says when this page is of older ones.

            ## Claims


            """);
        foreach (var claim in report.Claims)
            text.Append(CultureInfo.InvariantCulture, $"- {Line(claim)}\n");
        text.Append(CultureInfo.InvariantCulture, $"""

            ## Columns

            - **PTX**: eight digits of the SHA-256 of the PTX's lines, sorted, without the numbers of registers and labels.
            - **stack with fewer**: what the stack would be if the launch bounds allowed {KernelFigures.SpareRegisters} registers fewer.
            - **LDG, STG, LDS, STS**: loads and stores of global and shared memory in the machine code that are narrower than 32 bits / of 32 / of 64 / of 128.
            - **groups, warps**: how many a multiprocessor can hold at once, and what there is too little of for more.
            - **innermost loop**: instructions of the innermost loop with most FFMA, and the LDS.128 among them.
            - **a whole pass**: instructions of one pass of the loop that fills shared memory, around the innermost one, for a tile wholly in the picture. Each instruction of its body counts once, branches that few groups take included, and each of the loops within it as often as the source says that they run (`InnerLoops` of the variants); the report is refused where the machine code has other loops. LDG of the whole pass.


            """);
        foreach (var target in PtxTarget.All)
        {
            var kernels = report.Kernels.Where(k => k.Target == target.Name).ToArray();
            Table($"Kernels on {target.Name}", Resources, kernels.Select(k =>
                $"| `{k.Kernel}` | {k.Hash} | {k.Threads} | {k.Resources.Registers} | {k.Resources.SharedBytes} | {k.Resources.StackBytes} | {k.Resources.SpillStoreBytes}, {k.Resources.SpillLoadBytes} | {k.StackWithFewer} | {k.GlobalLoads} | {k.GlobalStores} | {k.SharedLoads} | {k.SharedStores} | {k.Occupancy.Groups} | {k.Occupancy.Warps} | {k.Occupancy.Bound} |"));
            Table($"Loops of convolutions on {target.Name}", Loops, kernels.Where(k => k.Loops is not null).Select(k => $"| `{k.Kernel}` {Row(k.Loops!)}"));
        }
        return text.ToString().TrimEnd('\n') + "\n";

        void Table(string heading, string head, IEnumerable<string> rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"## {heading}\n\n{head}\n|---|{string.Concat(Enumerable.Repeat("--:|", head.Count(c => c == '|') - 2))}\n");
            foreach (string row in rows)
                text.Append(CultureInfo.InvariantCulture, $"{row}\n");
            text.Append('\n');
        }
    }

    /// <summary>A claim with its verdict.</summary>
    public static string Line(Claim claim) =>
        claim.Holds ? $"holds: {claim.Text}" : $"**fails**: {claim.Text} Not so: {string.Join("; ", claim.Contradictions)}.";

    /// <summary>Reads what <see cref="Write"/> writes.</summary>
    /// <exception cref="FormatException">It is something else.</exception>
    public static Report Parse(string text)
    {
        var loops = new Dictionary<string, LoopFigures>();
        var kernels = new List<(string[] Cells, string Target)>();
        string target = "";
        foreach (string line in text.Split('\n'))
            if (Heading().Match(line) is { Success: true } heading)
                target = heading.Groups[1].Value;
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                string[] cells = [.. line.Split('|')[1..^1].Select(c => c.Trim())];
                if (cells.Length == Loops.Count(c => c == '|') - 1)
                    loops.Add(cells[0] + target, LoopsOf(cells));
                else
                    kernels.Add((cells, target));
            }
        var assembler = Assembler().Match(text);
        return assembler.Success
            ? new Report(assembler.Groups[1].Value, [.. kernels.Select(k => KernelOf(k.Cells, k.Target, loops.GetValueOrDefault(k.Cells[0] + k.Target)))])
            : throw new FormatException("It does not say by which ptxas it was made.");
    }

    private static string Row(LoopFigures loops) =>
        $"| {(loops.IsWgrad ? "wgrad" : "fprop")} | {loops.Instructions} | {loops.Ffma} | {Claim.Percent(loops.Ffma, loops.Instructions)} | {loops.SharedLoads128} | "
        + (loops.Pass > 0 ? $"{loops.Pass} | {loops.PassFfma} | {Claim.Percent(loops.PassFfma, loops.Pass)} | {loops.Loads128} | {loops.OtherLoads} |" : "– | – | – | – | – |");

    private static LoopFigures LoopsOf(string[] cells) =>
        cells[6] == "–"
            ? new LoopFigures(cells[1] == "wgrad", Number(cells[2]), Number(cells[3]), Number(cells[5]), 0, 0, 0, 0)
            : new LoopFigures(cells[1] == "wgrad", Number(cells[2]), Number(cells[3]), Number(cells[5]), Number(cells[6]), Number(cells[7]), Number(cells[9]), Number(cells[10]));

    private static KernelFigures KernelOf(string[] cells, string target, LoopFigures? loops)
    {
        if (cells.Length != Resources.Count(c => c == '|') - 1 || cells[6].Split(", ") is not [var stores, var loads])
            throw new FormatException($"{cells[0]}: not a row of the report.");
        return new KernelFigures(
            cells[0].Trim('`'),
            target,
            cells[1],
            Number(cells[2]),
            new KernelResources(Number(cells[3]), Number(cells[4]), Number(cells[5]), Number(stores), Number(loads)),
            Number(cells[7]),
            AccessWidths.Parse(cells[8]),
            AccessWidths.Parse(cells[9]),
            AccessWidths.Parse(cells[10]),
            AccessWidths.Parse(cells[11]),
            new Occupancy(Number(cells[12]), Number(cells[13]), cells[14]),
            loops);
    }

    private static int Number(string cell) => int.Parse(cell, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^## .* on (sm_\w+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"with ptxas ([\d.]+):")]
    private static partial Regex Assembler();
}
