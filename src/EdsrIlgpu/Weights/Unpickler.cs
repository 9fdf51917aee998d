using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace EdsrIlgpu.Weights;

/// <summary>
/// Reads Python pickles of protocol 2 to 5 as far as PyTorch's files need it. Tuples become <c>object?[]</c>, lists
/// <c>List&lt;object?&gt;</c>, dictionaries <c>OrderedDictionary&lt;string, object?&gt;</c>, integers <c>long</c> or <c>BigInteger</c>.
/// A pickle is a program; this runs none of it but the calls of <see cref="PyTorchGlobals"/>.
/// </summary>
/// <param name="stream">A seekable stream; reading ends behind the pickle.</param>
/// <param name="persistentLoad">What a persistent id stands for.</param>
internal sealed class Unpickler(Stream stream, Func<object?, object?> persistentLoad)
{
    /// <summary>First byte of a pickle of protocol 2 or later.</summary>
    public const byte ProtocolMark = 0x80;

    /// <summary>Bytes that a pickle may have. A thousand tensors take about 150 000; without a bound a file of empty lists would fill the memory.</summary>
    public const int Longest = 4 << 20;

    // The longest integer in a PyTorch file, its magic number, has ten bytes.
    private const int LongestInteger = 64;

    private readonly long end = Math.Min(stream.Length, stream.Position + Longest);
    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = new();
    private readonly Dictionary<long, object?> memo = [];

    /// <summary>Reads one pickle.</summary>
    /// <exception cref="WeightFileException">It is malformed, too long, or names what weights do not need.</exception>
    public object? Load()
    {
        while (true)
        {
            byte code = Byte();
            switch (code)
            {
                case ProtocolMark:
                    if (Byte() is < 2 or > 5)
                        throw Malformed("has an unknown protocol");
                    break;
                case 0x95: // FRAME: only says how much may be read at once
                    Bytes(8);
                    break;
                case (byte)'.': // STOP
                    return Pop();
                case (byte)'(':
                    marks.Push(stack.Count);
                    break;

                case (byte)'N':
                    stack.Add(null);
                    break;
                case 0x88: // NEWTRUE
                    stack.Add(true);
                    break;
                case 0x89: // NEWFALSE
                    stack.Add(false);
                    break;
                case (byte)'J': // BININT
                    stack.Add((long)BinaryPrimitives.ReadInt32LittleEndian(Bytes(4)));
                    break;
                case (byte)'K' or (byte)'M': // BININT1, BININT2
                    stack.Add((long)Length(code == 'K' ? 1 : 2));
                    break;
                case 0x8A or 0x8B: // LONG1, LONG4
                    stack.Add(Integer(Length(code == 0x8A ? 1 : 4)));
                    break;
                case (byte)'G': // BINFLOAT
                    stack.Add(BinaryPrimitives.ReadDoubleBigEndian(Bytes(8)));
                    break;
                case 0x8C: // SHORT_BINUNICODE
                    stack.Add(Encoding.UTF8.GetString(Bytes(Length(1))));
                    break;
                case (byte)'X': // BINUNICODE
                    stack.Add(Encoding.UTF8.GetString(Bytes(Length(4))));
                    break;
                case (byte)'U' or (byte)'T': // SHORT_BINSTRING, BINSTRING: the text of Python 2
                    stack.Add(Encoding.UTF8.GetString(Bytes(Length(code == 'U' ? 1 : 4))));
                    break;
                case (byte)'C' or (byte)'B': // SHORT_BINBYTES, BINBYTES
                    stack.Add(Bytes(Length(code == 'C' ? 1 : 4)));
                    break;

                case (byte)']':
                    stack.Add(new List<object?>());
                    break;
                case (byte)'a': // APPEND
                    var element = Pop();
                    TopAs<List<object?>>().Add(element);
                    break;
                case (byte)'e': // APPENDS
                    var elements = PopToMark();
                    TopAs<List<object?>>().AddRange(elements);
                    break;
                case (byte)')':
                    stack.Add(Array.Empty<object?>());
                    break;
                case (byte)'t': // TUPLE
                    stack.Add(PopToMark());
                    break;
                case 0x85 or 0x86 or 0x87: // TUPLE1, TUPLE2, TUPLE3
                    stack.Add(Pop(code - 0x84));
                    break;
                case (byte)'}':
                    stack.Add(new OrderedDictionary<string, object?>());
                    break;
                case (byte)'s': // SETITEM
                    SetItems(Pop(2));
                    break;
                case (byte)'u': // SETITEMS
                    SetItems(PopToMark());
                    break;

                case (byte)'q' or (byte)'r': // BINPUT, LONG_BINPUT
                    memo[Length(code == 'q' ? 1 : 4)] = Top;
                    break;
                case 0x94: // MEMOIZE
                    memo[memo.Count] = Top;
                    break;
                case (byte)'h' or (byte)'j': // BINGET, LONG_BINGET
                    stack.Add(memo.TryGetValue(Length(code == 'h' ? 1 : 4), out var kept) ? kept : throw Malformed("recalls what it never kept"));
                    break;

                case (byte)'c': // GLOBAL
                    string module = Line();
                    stack.Add(PyTorchGlobals.Find(module, Line()));
                    break;
                case 0x93: // STACK_GLOBAL
                    stack.Add(Pop(2) is [string from, string name] ? PyTorchGlobals.Find(from, name) : throw Malformed("names a global by something else than text"));
                    break;
                case (byte)'R': // REDUCE
                    stack.Add(Pop(2) is [PickledGlobal { Call: { } call }, object?[] arguments] ? call(arguments) : throw Malformed("calls what cannot be called"));
                    break;
                case (byte)'b': // BUILD: attributes of a state dict, which say nothing about its values
                    Pop();
                    TopAs<OrderedDictionary<string, object?>>();
                    break;
                case (byte)'Q': // BINPERSID
                    stack.Add(persistentLoad(Pop()));
                    break;
                default:
                    throw Malformed($"has the instruction 0x{code:X2}, which PyTorch does not write");
            }
        }
    }

    /// <summary>A dictionary's key as text.</summary>
    public static string Key(object? key) => key switch
    {
        string text => text,
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => throw Malformed("has a key that is neither text nor a number"),
    };

    private object? Top => stack.Count > 0 ? stack[^1] : throw Malformed("takes more than it has");

    private T TopAs<T>() where T : class => Top as T ?? throw Malformed("works on another kind of thing than PyTorch does");

    private void SetItems(object?[] items)
    {
        var dictionary = TopAs<OrderedDictionary<string, object?>>();
        if (items.Length % 2 != 0)
            throw Malformed("has a key without a value");
        for (int i = 0; i < items.Length; i += 2)
            dictionary[Key(items[i])] = items[i + 1];
    }

    private object? Pop() => Pop(1)[0];

    private object?[] Pop(int count)
    {
        int bottom = marks.Count > 0 ? marks.Peek() : 0;
        if (stack.Count - count < bottom)
            throw Malformed("takes more than it has");
        return CutFrom(stack.Count - count);
    }

    private object?[] PopToMark() => marks.TryPop(out int mark) ? CutFrom(mark) : throw Malformed("takes more than it has");

    private object?[] CutFrom(int start)
    {
        var items = new object?[stack.Count - start];
        stack.CopyTo(start, items, 0, items.Length);
        stack.RemoveRange(start, items.Length);
        return items;
    }

    private object Integer(int bytes)
    {
        if (bytes > LongestInteger)
            throw Malformed("has an endless integer");
        var number = new BigInteger(Bytes(bytes));
        return number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
    }

    private int Length(int bytes)
    {
        Span<byte> wide = stackalloc byte[4];
        wide.Clear();
        Bytes(bytes).CopyTo(wide);
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(wide);
        return length <= int.MaxValue ? (int)length : throw Malformed("has an endless text");
    }

    private string Line()
    {
        var line = new List<byte>();
        for (byte b = Byte(); b != '\n'; b = Byte())
            line.Add(b);
        return Encoding.UTF8.GetString([.. line]);
    }

    private byte Byte()
    {
        Require(1);
        return (byte)stream.ReadByte();
    }

    private byte[] Bytes(int count)
    {
        Require(count);
        var bytes = new byte[count];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private void Require(int count)
    {
        if (count > end - stream.Position)
            throw Malformed(end == stream.Length ? "ends too early" : $"has more than {Longest} bytes");
    }

    private static WeightFileException Malformed(string what) => WeightFileException.Damaged("PyTorch", $"its pickle {what}");
}
