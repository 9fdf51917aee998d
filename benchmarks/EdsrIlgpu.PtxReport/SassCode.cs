using System.Text.RegularExpressions;

namespace EdsrIlgpu.PtxReport;

/// <summary>The machine code of one kernel, and its loops.</summary>
internal sealed partial class SassCode
{
    private SassCode(IReadOnlyList<SassInstruction> instructions)
    {
        Instructions = instructions;
        Loops = FindLoops();
    }

    /// <summary>The instructions in the order of their addresses.</summary>
    public IReadOnlyList<SassInstruction> Instructions { get; }

    /// <summary>The loops, each as the set of its instructions' indices, those of the loops within it included.</summary>
    public IReadOnlyList<IReadOnlySet<int>> Loops { get; }

    /// <summary>Reads what <c>nvdisasm -c</c> writes.</summary>
    /// <exception cref="FormatException">It has no instruction, or a branch that cannot be followed.</exception>
    public static SassCode Parse(string listing)
    {
        var labels = new Dictionary<string, int>();
        var lines = new List<Match>();
        foreach (string line in listing.Split('\n'))
            if (Label().Match(line) is { Success: true } label)
                labels[label.Groups["name"].Value] = lines.Count;
            else if (Instruction().Match(line) is { Success: true } instruction)
                lines.Add(instruction);
        if (lines.Count == 0)
            throw new FormatException("The listing has no instructions.");
        return new SassCode([.. lines.Select(Read)]);

        SassInstruction Read(Match line)
        {
            string opcode = line.Groups["opcode"].Value, operands = line.Groups["operands"].Value.Trim(), name = opcode.Split('.')[0];
            bool always = !line.Groups["predicate"].Success;
            var target = Target().Match(operands);
            switch (name)
            {
                case "BRA" or "CALL" when target.Success: // A call of a label does not return: ptxas leaves loops by it.
                    if (!labels.TryGetValue(target.Groups["name"].Value, out int to))
                        throw new FormatException($"{opcode} {operands}: a branch to nowhere.");
                    return new SassInstruction(opcode, to, !always || target.Index > 0 || opcode is not ("BRA" or "CALL.REL.NOINC"));
                case "BRA" or "BRX" or "JMP" or "JMX" or "JMXU":
                    throw new FormatException($"{opcode} {operands}: the branch cannot be followed.");
                default:
                    return new SassInstruction(opcode, -1, !(always && name is "EXIT" or "RET" or "KILL"));
            }
        }
    }

    /// <summary>How many of some instructions there are.</summary>
    public int Count(IEnumerable<int> among, Func<SassInstruction, bool> which) => among.Count(i => which(Instructions[i]));

    /// <summary>
    /// The natural loops: an edge back to an instruction that a walk from the entry is still in closes one, which consists of all
    /// that can reach the edge without passing there. Edges back to one instruction make one loop.
    /// </summary>
    private List<IReadOnlySet<int>> FindLoops()
    {
        var predecessors = Instructions.Select(_ => new List<int>()).ToArray();
        for (int i = 0; i < Instructions.Count; i++)
            foreach (int next in Successors(i))
                predecessors[next].Add(i);

        var loops = new SortedDictionary<int, HashSet<int>>();
        var isOpen = new bool?[Instructions.Count];
        var walk = new Stack<(int At, IEnumerator<int> Onwards)>();
        Enter(0);
        while (walk.TryPeek(out var top))
        {
            if (!top.Onwards.MoveNext())
            {
                isOpen[top.At] = false;
                walk.Pop();
            }
            else if (isOpen[top.Onwards.Current] is null)
                Enter(top.Onwards.Current);
            else if (isOpen[top.Onwards.Current] is true)
                Close(top.Onwards.Current, top.At);
        }
        return [.. loops.Values];

        void Enter(int i)
        {
            isOpen[i] = true;
            walk.Push((i, Successors(i).GetEnumerator()));
        }

        void Close(int head, int tail)
        {
            if (!loops.TryGetValue(head, out var body))
                loops.Add(head, body = [head]);
            var reached = new Stack<int>([tail]);
            while (reached.TryPop(out int i))
                if (body.Add(i))
                    foreach (int before in predecessors[i])
                        reached.Push(before);
        }
    }

    private IEnumerable<int> Successors(int i)
    {
        var instruction = Instructions[i];
        if (instruction.Target >= 0)
            yield return instruction.Target;
        if (instruction.FallsThrough && i + 1 < Instructions.Count)
            yield return i + 1;
    }

    // .L_x_3:
    [GeneratedRegex(@"^(?<name>\.L_\w+):")]
    private static partial Regex Label();

    //         /*06c0*/               @P0 BRA `(.L_x_0) ;
    [GeneratedRegex(@"^\s+/\*[0-9a-f]{4,}\*/\s+\{?\s*(?<predicate>@!?\w+\s+)?(?<opcode>[A-Z][\w.]*)(?<operands>[^;]*);")]
    private static partial Regex Instruction();

    [GeneratedRegex(@"`\((?<name>\.L_\w+)\)")]
    private static partial Regex Target();
}
