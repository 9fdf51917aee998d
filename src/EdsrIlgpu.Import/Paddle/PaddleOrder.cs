using EdsrIlgpu.Import.Graphs;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Paddle;

/// <summary>
/// Finds an EDSR in the weights of a <c>.pdiparams</c> whose program is not there. Paddle calls convolutions conv2d_K in the order in
/// which they were built, K counting from any number, and writes them in the order of those names as text, conv2d_10 before
/// conv2d_2 and each bias before its filter. Every first number that gives another order is tried; the shapes tell which it was.
/// </summary>
internal static class PaddleOrder
{
    // More convolutions than this are not sorted out by trying.
    private const int MostConvolutions = 256;

    private const int MostDigits = 6;

    private const string GiveProgram = "Put the .pdmodel or .pdiparams.info that was saved with it beside it";

    /// <summary>The network's parts, or why the weights do not say.</summary>
    public static (EdsrParts? Parts, string Problem) Recognise(IReadOnlyList<StoredTensor> tensors)
    {
        if (Pairs(tensors) is not { Count: > 0 } stored)
            return (null, $"its tensors are not biases and filters by turns, as those of convolutions that Paddle itself named. {GiveProgram}");
        if (stored.Count > MostConvolutions)
            return (null, $"it has {stored.Count} convolutions, too many to find their order. {GiveProgram}");
        EdsrParts? found = null;
        foreach (var built in Orders(stored))
            if ((Tutorial(built) ?? EdsrPyTorch(built)) is { } parts)
            {
                if (found is not null && !found.Tensors().Values.SequenceEqual(parts.Tensors().Values))
                    return (null, $"its {stored.Count} convolutions make an EDSR in more than one order. {GiveProgram}");
                found = parts;
            }
        return (found, found is null ? $"its {stored.Count} convolutions make no EDSR in the tutorial's order (first, up, last, body), nor in EDSR-PyTorch's (first, an odd number for the body, up, last). {GiveProgram}" : "");
    }

    /// <summary>The convolutions in the file's order; null if the tensors are something else.</summary>
    private static List<Convolution>? Pairs(IReadOnlyList<StoredTensor> tensors)
    {
        if (tensors.Count % 2 != 0)
            return null;
        var pairs = new List<Convolution>();
        for (int i = 0; i < tensors.Count; i += 2)
        {
            if (tensors[i].Shape is not [var outputs] || tensors[i + 1].Shape is not [var k, _, var r, var s] || k != outputs || (r, s) is not ((3, 3) or (1, 1)))
                return null;
            pairs.Add(new Convolution(tensors[i + 1], tensors[i]));
        }
        return pairs;
    }

    /// <summary>The convolutions in every order in which they may have been built. The list is one and the same, filled anew.</summary>
    private static IEnumerable<Convolution[]> Orders(List<Convolution> stored)
    {
        int count = stored.Count;
        var built = new Convolution[count];
        long[] keys = new long[count];
        int[] numbers = new int[count];
        foreach (long first in Firsts(count))
        {
            for (int i = 0; i < count; i++)
                (keys[i], numbers[i]) = (TextKey(first + i), i);
            Array.Sort(keys, numbers);
            for (int i = 0; i < count; i++)
                built[numbers[i]] = stored[i];
            yield return built;
        }
    }

    /// <summary>First numbers that stand for all: texts and numbers are in one order unless there is a power of ten among them.</summary>
    private static IEnumerable<long> Firsts(int count)
    {
        yield return 0;
        long power = 10;
        for (int digits = 1; digits < MostDigits; digits++, power *= 10)
            for (long first = Math.Max(1, power - count + 1); first <= power; first++)
                yield return first;
    }

    /// <summary>A key that sorts numbers as their digits sort as text: filled up with zeros on the right, of equal ones the shorter first.</summary>
    private static long TextKey(long number)
    {
        long digits = 1, power = 10;
        for (; number >= power; power *= 10)
            digits++;
        for (long i = digits; i <= MostDigits; i++)
            number *= 10;
        return number * (MostDigits + 2) + digits;
    }

    /// <summary>The tutorial's network: first, up, last, then the blocks' one convolution each.</summary>
    private static EdsrParts? Tutorial(Convolution[] built) => built is [var head, var up, var last, _, ..] && IsHead(head)
        && IsUp(up, head) && IsLast(last, head) && built.Skip(3).All(body => IsBody(body, head))
        ? new EdsrParts
        {
            Head = head,
            Blocks = [.. built.Skip(3).Select(body => (body, body))],
            Upsampler = [up],
            Last = last,
        }
        : null;

    /// <summary>EDSR-PyTorch's: mean shifts if there are any, head, body, tail.</summary>
    private static EdsrParts? EdsrPyTorch(Convolution[] built)
    {
        bool shifts = built is [{ IsMeanShift: true }, { IsMeanShift: true }, ..];
        int at = shifts ? 2 : 0;
        if (at == built.Length || !IsHead(built[at]))
            return null;
        var head = built[at++];
        int bodyStart = at;
        while (at < built.Length && IsBody(built[at], head))
            at++;
        var body = built[bodyStart..at];
        var upsampler = new List<Convolution>();
        for (; at < built.Length - 1 && IsUp(built[at], head); at++)
            upsampler.Add(built[at]);
        // An even number may be tied blocks, or blocks without a convolution after them.
        if (body.Length < 3 || body.Length % 2 == 0 || upsampler.Count == 0 || at != built.Length - 1 || !IsLast(built[at], head))
            return null;
        return new EdsrParts
        {
            Head = head,
            Blocks = [.. body[..^1].Chunk(2).Select(pair => (pair[0], pair[1]))],
            BodyEnd = body[^1],
            Upsampler = upsampler,
            Last = built[at],
            MeanShift = shifts ? (built[0], built[1]) : null,
        };
    }

    private static bool IsHead(Convolution c) => !c.IsMeanShift && c.C is 1 or 3;

    private static bool IsBody(Convolution c, Convolution head) => !c.IsMeanShift && (c.K, c.C) == (head.K, head.K);

    private static bool IsLast(Convolution c, Convolution head) => !c.IsMeanShift && (c.K, c.C) == (head.C, head.K);

    private static bool IsUp(Convolution c, Convolution head) => !c.IsMeanShift && c.C == head.K && (c.K == 4 * head.K || c.K == 9 * head.K);
}
