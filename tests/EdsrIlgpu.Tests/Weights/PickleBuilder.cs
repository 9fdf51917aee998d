using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Numerics;
using System.Text;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>Writes pickles instruction by instruction, and PyTorch's files around them.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> bytes = [];

    public static PickleBuilder Start(int protocol = 2) => new PickleBuilder().Raw(0x80, (byte)protocol);

    public PickleBuilder Op(char code) => Raw((byte)code);

    public PickleBuilder Raw(params byte[] raw)
    {
        bytes.AddRange(raw);
        return this;
    }

    public PickleBuilder Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBuilder Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        return Op('X').Int32(utf8.Length).Raw(utf8);
    }

    public PickleBuilder Int(int value) => Op('J').Int32(value);

    public PickleBuilder Big(BigInteger value)
    {
        var raw = value.ToByteArray();
        return Raw(0x8A, (byte)raw.Length).Raw(raw);
    }

    public PickleBuilder Ints(params int[] values)
    {
        Op('(');
        foreach (int value in values)
            Int(value);
        return Op('t');
    }

    /// <summary>A NumPy array as NumPy pickles it; in protocol 2 its bytes are a text.</summary>
    public PickleBuilder Array(int[] shape, string type, byte[] data, int protocol)
    {
        Global("numpy.core.multiarray", "_reconstruct").Global("numpy", "ndarray").Raw((byte)'K', 0, 0x85);
        Bytes([(byte)'b'], protocol).Raw(0x87).Op('R').Op('(').Raw((byte)'K', 1).Ints(shape);
        Global("numpy", "dtype").Text(type).Raw(0x89, 0x88, 0x87).Op('R');
        Op('(').Raw((byte)'K', 3).Text("<").Op('N').Op('N').Op('N').Int(-1).Int(-1).Raw((byte)'K', 0).Op('t').Op('b');
        return Raw(0x89).Bytes(data, protocol).Op('t').Op('b');
    }

    public PickleBuilder Bytes(byte[] data, int protocol) => protocol == 2
        ? Global("_codecs", "encode").Text(Encoding.Latin1.GetString(data)).Text("latin1").Raw(0x86).Op('R')
        : Op('B').Int32(data.Length).Raw(data);

    /// <summary>A string of Python 2, which has bytes as text has characters.</summary>
    public PickleBuilder String(byte[] data) => (data.Length < 256 ? Raw((byte)'U', (byte)data.Length) : Op('T').Int32(data.Length)).Raw(data);

    /// <summary>A NumPy array as Python 2 pickles it.</summary>
    public PickleBuilder Python2Array(int[] shape, string type, byte[] data)
    {
        Global("numpy.core.multiarray", "_reconstruct").Global("numpy", "ndarray").Raw((byte)'K', 0, 0x85).String("b"u8.ToArray()).Raw(0x87).Op('R');
        Op('(').Raw((byte)'K', 1).Ints(shape).Global("numpy", "dtype").String(Encoding.ASCII.GetBytes(type)).Raw((byte)'K', 0, (byte)'K', 1, 0x87).Op('R');
        Op('(').Raw((byte)'K', 3).String("<"u8.ToArray()).Op('N').Op('N').Op('N').Int(-1).Int(-1).Raw((byte)'K', 0).Op('t').Op('b');
        return Raw(0x89).String(data).Op('t').Op('b');
    }

    /// <summary>collections.OrderedDict().</summary>
    public PickleBuilder OrderedDict() => Global("collections", "OrderedDict").Op(')').Op('R');

    /// <summary>('storage', type, key, 'cpu', count), and in the legacy format a view.</summary>
    public PickleBuilder Storage(string key, int count, string type = "FloatStorage", (int Offset, int Count)? view = null)
    {
        Op('(').Text("storage").Global("torch", type).Text(key).Text("cpu").Int(count);
        if (view is { } part)
            Op('(').Text("view").Int(part.Offset).Int(part.Count).Op('t');
        return Op('t').Op('Q');
    }

    /// <summary>A tensor on the storage that <paramref name="storage"/> writes.</summary>
    public PickleBuilder Tensor(Func<PickleBuilder, PickleBuilder> storage, int offset, int[] size, int[] stride) =>
        storage(Global("torch._utils", "_rebuild_tensor_v2").Op('(')).Int(offset).Ints(size).Ints(stride).Raw(0x89).OrderedDict().Op('t').Op('R');

    /// <summary>Sets an item of the dictionary below.</summary>
    public PickleBuilder Item(string key, Func<PickleBuilder, PickleBuilder> value) => value(Text(key)).Op('s');

    public byte[] Stop() => [.. bytes, (byte)'.'];

    /// <summary>The zip container.</summary>
    public static byte[] Zip(byte[] pickle, string root = "archive", CompressionLevel level = CompressionLevel.NoCompression, string byteOrder = "little", params (string Key, byte[] Data)[] storages)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
        {
            Add($"{root}/data.pkl", pickle);
            Add($"{root}/byteorder", Encoding.ASCII.GetBytes(byteOrder));
            foreach (var (key, data) in storages)
                Add($"{root}/data/{key}", data);

            void Add(string name, byte[] data)
            {
                using var entry = zip.CreateEntry(name, level).Open();
                entry.Write(data);
            }
        }
        return file.ToArray();
    }

    /// <summary>The legacy container.</summary>
    public static byte[] Legacy(byte[] pickle, params (string Key, int Count, byte[] Data)[] storages) => Legacy(pickle, false, storages);

    /// <summary>The legacy container as a machine of that byte order wrote it: the counts in its own, the elements little-endian.</summary>
    public static byte[] Legacy(byte[] pickle, bool bigEndian, (string Key, int Count, byte[] Data)[] storages)
    {
        var magic = BigInteger.Parse("1950a86a20f9469cfc6c", NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        var keys = Start().Op(']').Op('(');
        foreach (var (key, _, _) in storages)
            keys.Text(key);
        var file = new List<byte>();
        file.AddRange(Start().Big(magic).Stop());
        file.AddRange(Start().Int(1001).Stop());
        file.AddRange(Start().Op('}').Item("little_endian", p => p.Raw(bigEndian ? (byte)0x89 : (byte)0x88)).Stop());
        file.AddRange(pickle);
        file.AddRange(keys.Op('e').Stop());
        foreach (var (_, count, data) in storages)
        {
            var prefix = new byte[8];
            if (bigEndian)
                BinaryPrimitives.WriteInt64BigEndian(prefix, count);
            else
                BinaryPrimitives.WriteInt64LittleEndian(prefix, count);
            file.AddRange([.. prefix, .. data]);
        }
        return [.. file];
    }

    private PickleBuilder Int32(int value)
    {
        var raw = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(raw, value);
        return Raw(raw);
    }
}
