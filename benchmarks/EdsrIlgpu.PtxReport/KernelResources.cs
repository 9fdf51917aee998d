using System.Globalization;
using System.Text.RegularExpressions;

namespace EdsrIlgpu.PtxReport;

/// <summary>What <c>ptxas -v</c> says of a kernel.</summary>
/// <param name="Registers">Registers of a thread.</param>
/// <param name="SharedBytes">Static shared memory of a group.</param>
/// <param name="StackBytes">Stack of a thread.</param>
/// <param name="SpillStoreBytes">Bytes that it stores for want of registers.</param>
/// <param name="SpillLoadBytes">Bytes that it loads for want of registers.</param>
internal sealed partial record KernelResources(int Registers, int SharedBytes, int StackBytes, int SpillStoreBytes, int SpillLoadBytes)
{
    /// <summary>Reads ptxas' message about one kernel.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static KernelResources Parse(string message)
    {
        Match registers = Used().Match(message), frame = Frame().Match(message), shared = Shared().Match(message);
        if (!registers.Success || !frame.Success)
            throw new FormatException("ptxas says nothing of registers and stack.");
        return new KernelResources(
            Number(registers.Groups[1]), shared.Success ? Number(shared.Groups[1]) : 0, Number(frame.Groups[1]), Number(frame.Groups[2]), Number(frame.Groups[3]));
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Used (\d+) registers")]
    private static partial Regex Used();

    [GeneratedRegex(@"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads")]
    private static partial Regex Frame();

    [GeneratedRegex(@"(\d+) bytes smem")]
    private static partial Regex Shared();
}
