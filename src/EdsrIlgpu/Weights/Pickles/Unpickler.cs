using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace EdsrIlgpu.Weights.Pickles;

/// <summary>
/// Reads Python pickles of protocol 2 to 5 as far as weight files need it. Tuples become <c>object?[]</c>, lists and sets
/// <c>List&lt;object?&gt;</c>, dictionaries <c>OrderedDictionary&lt;string, object?&gt;</c>, integers <c>long</c> or <c>BigInteger</c>, byte
/// strings <see cref="PickledBytes"/>, long texts <see cref="PickledText"/>; these two stay in the file.
/// A pickle is a program; this runs none of it but the calls of <see cref="PickledGlobals"/>.
/// </summary>
/// <param name="stream">A seekable stream; reading ends behind the pickle.</param>
/// <param name="persistentLoad">What a persistent id stands for.</param>
internal sealed class Unpickler(Stream stream, Func<object?, object?> persistentLoad)
{
    /// <summary>First byte of a pickle of protocol 2 or later.</summary>
    public const byte ProtocolMark = 0x80;

    /// <summary>
    /// Bytes that a pickle may have, byte strings and long texts not counted. A thousand tensors take about 150 000; without a bound
    /// a file of empty lists would fill the memory.
    /// </summary>
    public const int Longest = 2 << 20;

    /// <summary>Things that a pickle may make; a tensor takes about 25. Each may take a hundred bytes of memory and one of the file.</summary>
    public const int MostObjects = 150_000;

    // The longest integer in a PyTorch file, its magic number, has ten bytes.
    private const int LongestInteger = 64;

    // No name is longer; an array's bytes may be.
    private const int LongestName = 4 << 10;

    // Copying this many bytes counts as making a thing.
    private const int BytesOfObject = 32;

    private readonly long end = stream.Length;

    private readonly List<object?> stack = [];
    private readonly Stack<int> marks = new();
    private readonly Dictionary<long, object?> memo = [];
    private int bytesLeft = Longest, objectsLeft = MostObjects;

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
                    Number(8);
                    break;
                case (byte)'.': // STOP
                    return Pop();
                case (byte)'(':
                    Spend(1);
                    marks.Push(stack.Count);
                    break;

                case (byte)'N':
                    Push(null);
                    break;
                case 0x88: // NEWTRUE
                    Push(true);
                    break;
                case 0x89: // NEWFALSE
                    Push(false);
                    break;
                case (byte)'J': // BININT
                    Push((long)(int)Number(4));
                    break;
                case (byte)'K' or (byte)'M': // BININT1, BININT2
                    Push(Number(code == 'K' ? 1 : 2));
                    break;
                case 0x8A or 0x8B: // LONG1, LONG4
                    Push(Integer(Number(code == 0x8A ? 1 : 4)));
                    break;
                case (byte)'G': // BINFLOAT
                    Push(BitConverter.Int64BitsToDouble(BinaryPrimitives.ReverseEndianness(Number(8))));
                    break;
                case 0x8C: // SHORT_BINUNICODE
                    Push(Text(Number(1)));
                    break;
                case (byte)'X': // BINUNICODE
                    Push(Text(Number(4)));
                    break;
                case 0x8D: // BINUNICODE8
                    Push(Text(Number(8)));
                    break;
                case (byte)'U' or (byte)'T': // SHORT_BINSTRING, BINSTRING
                    Push(String(Number(code == 'U' ? 1 : 4)));
                    break;
                case (byte)'C': // SHORT_BINBYTES
                    Push(Bytes(Number(1)));
                    break;
                case (byte)'B': // BINBYTES
                    Push(Bytes(Number(4)));
                    break;
                case 0x8E or 0x96: // BINBYTES8, BYTEARRAY8
                    Push(Bytes(Number(8)));
                    break;

                case (byte)']' or 0x8F: // EMPTY_LIST, EMPTY_SET
                    Push(new List<object?>());
                    break;
                case (byte)'a': // APPEND
                    var element = Pop();
                    TopAs<List<object?>>().Add(element);
                    break;
                case (byte)'e' or 0x90: // APPENDS, ADDITEMS
                    var elements = PopToMark();
                    TopAs<List<object?>>().AddRange(elements);
                    break;
                case (byte)')':
                    Push(Array.Empty<object?>());
                    break;
                case (byte)'t': // TUPLE
                    Push(PopToMark());
                    break;
                case 0x85 or 0x86 or 0x87: // TUPLE1, TUPLE2, TUPLE3
                    Push(Pop(code - 0x84));
                    break;
                case (byte)'}':
                    Push(new OrderedDictionary<string, object?>());
                    break;
                case (byte)'s': // SETITEM
                    SetItems(Pop(2));
                    break;
                case (byte)'u': // SETITEMS
                    SetItems(PopToMark());
                    break;

                case (byte)'q' or (byte)'r': // BINPUT, LONG_BINPUT
                    Remember(Number(code == 'q' ? 1 : 4));
                    break;
                case 0x94: // MEMOIZE
                    Remember(memo.Count);
                    break;
                case (byte)'h' or (byte)'j': // BINGET, LONG_BINGET
                    Push(memo.TryGetValue(Number(code == 'h' ? 1 : 4), out var kept) ? kept : throw Malformed("recalls what it never kept"));
                    break;
                case (byte)'0': // POP
                    Pop();
                    break;

                case (byte)'c': // GLOBAL
                    string module = Line();
                    Push(PickledGlobals.Find(module, Line()));
                    break;
                case 0x93: // STACK_GLOBAL
                    Push(Pop(2) is [string from, string name] ? PickledGlobals.Find(from, name) : throw Malformed("names a global by something else than text"));
                    break;
                case (byte)'i': // INST: a global that is called at once
                    string library = Line();
                    Call(PickledGlobals.Find(library, Line()), PopToMark());
                    break;
                case (byte)'o': // OBJ: the same, the global first
                    var parts = PopToMark();
                    Call(parts.FirstOrDefault(), parts.Length > 0 ? parts[1..] : null);
                    break;
                case (byte)'R' or 0x81: // REDUCE, NEWOBJ
                    var call = Pop(2);
                    Call(call[0], call[1]);
                    break;
                case 0x92: // NEWOBJ_EX
                    var extended = Pop(3);
                    Call(extended[0], extended[1]);
                    break;
                case (byte)'b': // BUILD
                    Build(Pop());
                    break;
                case (byte)'Q': // BINPERSID
                    Push(persistentLoad(Pop()));
                    break;
                default:
                    throw Malformed($"has the instruction 0x{code:X2}, which no weight file needs");
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

    private T TopAs<T>() where T : class => Top as T ?? throw Malformed("works on another kind of thing than the library does that wrote it");

    private void Push(object? item)
    {
        Spend(1);
        stack.Add(item);
    }

    private void Spend(int objects)
    {
        if ((objectsLeft -= objects) < 0)
            throw TooMuch($"{MostObjects} things");
    }

    private void Remember(long key)
    {
        Spend(1);
        memo[key] = Top;
    }

    private void Call(object? callable, object? given)
    {
        if (callable is not PickledGlobal { Call: { } call } || given is not object?[] arguments)
            throw Malformed("calls what cannot be called");
        // A list or a text can be passed to many calls, and each copies it.
        Spend(arguments switch { [List<object?> list] => list.Count, [string text, ..] => text.Length / BytesOfObject, _ => 0 });
        Push(WithoutMoving(() => call(arguments)));
    }

    /// <summary>Gives an object its state. Attributes of a state dict say nothing about its values.</summary>
    private void Build(object? state)
    {
        switch (Top)
        {
            case PickledArray array:
                WithoutMoving(() => array.SetState(state));
                break;
            case PickledType type:
                type.SetState(state);
                break;
            case not (OrderedDictionary<string, object?> or InertObject):
                throw Malformed("works on another kind of thing than the library does that wrote it");
        }
    }

    /// <summary>Does what may read elsewhere in the file.</summary>
    private T WithoutMoving<T>(Func<T> action)
    {
        long position = stream.Position;
        var result = action();
        stream.Position = position;
        return result;
    }

    private void WithoutMoving(Action action) => WithoutMoving(() => { action(); return true; });

    private void SetItems(object?[] items)
    {
        if (items.Length % 2 != 0)
            throw Malformed("has a key without a value");
        // A counter's or a defaultdict's items are passed over with it.
        if (Top is InertObject)
            return;
        var dictionary = TopAs<OrderedDictionary<string, object?>>();
        for (int i = 0; i < items.Length; i += 2)
            dictionary[Key(items[i])] = items[i + 1];
    }

    private object? Pop()
    {
        RequireOnStack(1);
        object? top = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private object?[] Pop(int count)
    {
        RequireOnStack(count);
        return CutFrom(stack.Count - count);
    }

    private void RequireOnStack(int count)
    {
        if (stack.Count - count < (marks.Count > 0 ? marks.Peek() : 0))
            throw Malformed("takes more than it has");
    }

    private object?[] PopToMark() => marks.TryPop(out int mark) ? CutFrom(mark) : throw Malformed("takes more than it has");

    private object?[] CutFrom(int start)
    {
        var items = new object?[stack.Count - start];
        stack.CopyTo(start, items, 0, items.Length);
        stack.RemoveRange(start, items.Length);
        return items;
    }

    private object Integer(long bytes)
    {
        if (bytes is < 0 or > LongestInteger)
            throw Malformed("has an endless integer");
        Span<byte> raw = stackalloc byte[(int)bytes];
        Read(raw);
        var number = new BigInteger(raw);
        return number >= long.MinValue && number <= long.MaxValue ? (object)(long)number : number;
    }

    private object Text(long length)
    {
        if (length is >= 0 and <= LongestName)
            return Encoding.UTF8.GetString(Raw((int)length));
        return new PickledText(stream, Skip(length), length);
    }

    /// <summary>A string of Python 2: a name, or an array's bytes, which latin-1 loses none of.</summary>
    private object String(long length) => length <= LongestName ? Encoding.Latin1.GetString(Raw((int)length)) : Bytes(length);

    private PickledBytes Bytes(long length)
    {
        // Small ones are read at once: they are counted, as they would not be if they stayed in the file.
        if (length is >= 0 and <= 64)
            return PickledBytes.Of(Raw((int)length));
        return new PickledBytes(length, TensorStorage.At(stream, Skip(length)));
    }

    /// <summary>Passes over bytes that stay in the file; where they are.</summary>
    private long Skip(long length)
    {
        long position = stream.Position;
        if (length < 0 || length > end - position)
            throw Malformed("ends too early");
        stream.Position += length;
        return position;
    }

    private byte[] Raw(int length)
    {
        Require(length);
        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A little-endian number without a sign; of eight bytes with one.</summary>
    private long Number(int bytes)
    {
        Span<byte> wide = stackalloc byte[8];
        wide.Clear();
        Read(wide[..bytes]);
        return BinaryPrimitives.ReadInt64LittleEndian(wide);
    }

    private string Line()
    {
        var line = new List<byte>();
        for (byte b = Byte(); b != '\n'; b = Byte())
            line.Add(b);
        return Encoding.UTF8.GetString([.. line]).TrimEnd('\r');
    }

    private byte Byte()
    {
        Require(1);
        return (byte)stream.ReadByte();
    }

    private void Read(Span<byte> buffer)
    {
        Require(buffer.Length);
        stream.ReadExactly(buffer);
    }

    private void Require(int count)
    {
        if (count > end - stream.Position)
            throw Malformed("ends too early");
        if ((bytesLeft -= count) < 0)
            throw TooMuch($"{Longest} bytes");
    }

    // A record of a long training, perhaps.
    private static WeightFileException TooMuch(string what) => new($"has a pickle of more than {what} beside its numbers, which weights do not need. Save the bare state dict, or safetensors.");

    private static WeightFileException Malformed(string what) => WeightFileException.Damaged("pickle", $"it {what}");
}
