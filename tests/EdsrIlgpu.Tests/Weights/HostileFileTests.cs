using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Graph;
using EdsrIlgpu.Weights;
using EdsrIlgpu.Weights.Recognition;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>
/// Files made to run something, to fill the memory or to take for ever, and files that are merely broken: each gives one line, in less
/// than a second, with memory in proportion to its size. <c>-showliveoutput</c> prints what each took.
/// </summary>
public class HostileFileTests(ITestOutputHelper output)
{
    // Managed bytes whatever the file's size: a pickle's things, a zip's list of parts.
    private const long MemoryBase = 24 << 20, MemoryPerByte = 4;

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("subprocess", "Popen")]
    [InlineData("builtins", "exec")]
    [InlineData("builtins", "getattr")]
    [InlineData("operator", "attrgetter")]
    [InlineData("torch", "load")]
    [InlineData("numpy", "load")]
    [InlineData("pickle", "loads")]
    [InlineData("numpy.core.multiarray", "_reconstruct.__globals__")]
    public void A_pickle_that_names_a_function_is_refused_by_whatever_way_it_does(string module, string name)
    {
        using var folder = new TemporaryFolder();
        string witness = folder.Path("witness");
        foreach (var (way, pickle) in new (string, PickleBuilder)[]
        {
            ("GLOBAL, REDUCE", PickleBuilder.Start().Global(module, name).Op('(').Text($"touch {witness}").Op('t').Op('R')),
            ("STACK_GLOBAL", PickleBuilder.Start(4).Text(module).Text(name).Raw(0x93).Op('(').Text($"touch {witness}").Op('t').Op('R')),
            ("STACK_GLOBAL of remembered parts", PickleBuilder.Start(4).Text(name).Raw(0x94).Text(module).Raw(0x94, (byte)'0', (byte)'0', (byte)'h', 1, (byte)'h', 0, 0x93).Text(witness).Raw(0x85).Op('R')),
            ("INST", PickleBuilder.Start().Op('(').Text($"touch {witness}").Op('i').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"))),
            ("OBJ", PickleBuilder.Start().Op('(').Global(module, name).Text($"touch {witness}").Op('o')),
            ("NEWOBJ", PickleBuilder.Start().Global(module, name).Text($"touch {witness}").Raw(0x85, 0x81)),
            ("NEWOBJ_EX", PickleBuilder.Start(4).Global(module, name).Text($"touch {witness}").Raw(0x85).Op('}').Raw(0x92)),
            ("BUILD", PickleBuilder.Start().OrderedDict().Op('}').Item("__setstate__", p => p.Global(module, name)).Op('b').Text(witness).Op('b')),
            ("as an argument", PickleBuilder.Start().Global("collections", "OrderedDict").Global(module, name).Raw(0x85).Op('R')),
            ("as a persistent id", PickleBuilder.Start().Op('(').Text("storage").Global(module, name).Text("0").Text("cpu").Int(1).Op('t').Op('Q')),
            ("after a tensor", PickleBuilder.Start().OrderedDict().Item("a", p => p.Tensor(s => s.Storage("0", 1), 0, [1], [1])).Item("b", p => p.Global(module, name).Text(witness).Raw(0x85).Op('R'))),
        })
            foreach (byte[] file in (byte[][])[pickle.Stop(), PickleBuilder.Zip(pickle.Stop(), storages: ("0", new byte[4])), PickleBuilder.Legacy(pickle.Stop(), ("0", 1, new byte[4]))])
            {
                string path = folder.Write("hostile.pt", file);
                string message = Assert.Throws<EdsrException>(() => ModelFile.Load(path)).Message;
                // Outside PyTorch's containers a storage is refused before anything that follows.
                if (file[0] != 'P' && file.Length == pickle.Stop().Length && way is "as a persistent id" or "after a tensor")
                    Assert.DoesNotContain('\n', message);
                else
                    Assert.True(message.Contains($"it names {module}.{name}, which weights do not need") && message.Contains("nothing in it was run"), $"{way}: {message}");
            }
        Assert.False(File.Exists(witness));
    }

    [Fact]
    public void The_expression_that_Paddle_writes_is_no_way_to_another()
    {
        using var folder = new TemporaryFolder();
        foreach (string module in (string[])["builtins", "__builtin__"])
            foreach (var arguments in new Func<PickleBuilder, PickleBuilder>[]
            {
                p => p.Text("__import__('os').system('true')").Raw(0x85),
                p => p.Text("__import__('os').system('true')").Op('}').Raw(0x86),
                p => p.Text("data").Op('}').Raw(0x86),
                p => p.Text("data").Op('}').Item("data", q => q.Int(1)).Item("__builtins__", q => q.Int(2)).Raw(0x86),
                p => p.Text("data").Op('}').Item("data", q => q.Int(1)).Op('}').Raw(0x87),
            })
            {
                string path = folder.Write("eval.pdparams", arguments(PickleBuilder.Start().Global(module, "eval")).Op('R').Stop());
                Assert.Contains("it names builtins.eval", Assert.Throws<EdsrException>(() => ModelFile.Load(path)).Message);
            }
    }

    [Fact]
    public void A_list_of_parts_cannot_be_hidden_from_its_bound()
    {
        // The end record says that the list is empty, and by a disk number that is too large that a longer record counts.
        byte[] sound = Overlapping(60_000, 0), end = sound[^22..];
        int start = BinaryPrimitives.ReadInt32LittleEndian(end.AsSpan(16)), zip64 = sound.Length - 22, size = zip64 - start;
        byte[] record = [0x50, 0x4B, 6, 6, .. BitConverter.GetBytes(44L), 45, 0, 45, 0, .. new byte[8], .. BitConverter.GetBytes(60_001L), .. BitConverter.GetBytes(60_001L), .. BitConverter.GetBytes((long)size), .. BitConverter.GetBytes((long)start)];
        byte[] locator = [0x50, 0x4B, 6, 7, .. new byte[4], .. BitConverter.GetBytes((long)zip64), 1, 0, 0, 0];
        end.AsSpan(4, 4).Fill(255);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(16), zip64 + record.Length + locator.Length);
        byte[] file = [.. sound[..^22], .. record, .. locator, .. end];
        Assert.Contains("its list of parts has", Assert.Throws<EdsrException>(() => ModelFile.Describe(new MemoryStream(file), "hidden")).Message);
    }

    [Fact]
    public void Each_is_refused_in_one_line_in_less_than_a_second_with_memory_in_proportion_to_its_size()
    {
        using var folder = new TemporaryFolder();
        var slow = new List<string>();
        output.WriteLine($"{"file",-44} {"bytes",13} {"ms",7} {"kB taken",9}  message");
        foreach (var (name, make) in Files())
        {
            string path = folder.Path(name.Split(',')[0].Replace('/', ' '));
            make(path);
            long length = File.Exists(path) ? new FileInfo(path).Length : 0, allocated = 0;
            TimeSpan time = default;
            string message = "";
            // The first use of something, and a busy machine, are charged to no file.
            for (int attempt = 0; attempt < 3; attempt++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
                message = Assert.ThrowsAny<EdsrException>(() => ModelFile.Load(path)).Message;
                (time, allocated) = (Stopwatch.GetElapsedTime(start), GC.GetAllocatedBytesForCurrentThread() - before);
                if (time < TimeSpan.FromSeconds(1) && allocated < MemoryBase + MemoryPerByte * length)
                    break;
            }
            output.WriteLine(FormattableString.Invariant($"{name,-44} {length,13:N0} {time.TotalMilliseconds,7:F1} {allocated / 1000.0,9:N0}  {message.Replace(path, "…")}"));
            Assert.StartsWith(path, message);
            Assert.DoesNotContain(message, char.IsControl);
            Assert.True(message.Length - path.Length < 700, message);
            if (time > TimeSpan.FromSeconds(1) || allocated > MemoryBase + MemoryPerByte * length)
                slow.Add(FormattableString.Invariant($"{name}: {time.TotalSeconds:F1} s, {allocated:N0} bytes"));
            File.Delete(path);
        }
        Assert.True(slow.Count == 0, string.Join("; ", slow));
    }

    private static IEnumerable<(string Name, Action<string> Make)> Files()
    {
        var own = StateDict.Of(new EdsrModel(new EdsrConfig(1, 8, 2), TestNetworks.RandomParameters(Edsr.Build(new EdsrConfig(1, 8, 2)), 1)));
        byte[] sound = own.PyTorchZip(), pickle = PickleBuilder.Start().OrderedDict().Item("head.0.weight", p => p.Tensor(s => s.Storage("0", 12), 0, [12], [1])).Stop();

        // Pickles.
        yield return Bytes("a list in itself", PickleBuilder.Zip(PickleBuilder.Start().Op(']').Raw((byte)'q', 0, (byte)'h', 0, (byte)'a').Stop()));
        yield return Bytes("a dictionary in itself", PickleBuilder.Zip(PickleBuilder.Start().Op('}').Raw((byte)'q', 0).Text("a").Raw((byte)'h', 0, (byte)'s').Stop()));
        yield return Bytes("two to the power of 200 lists", PickleBuilder.Zip(Doubling(200, leaf: p => p.Op(']'))));
        yield return Bytes("two to the power of 7 times 300 tensors", PickleBuilder.Zip(Doubling(7, leaf: p =>
        {
            p.Op('}');
            for (int i = 0; i < 300; i++)
                p.Item($"a very long name, the longer the better, number {i}", q => q.Tensor(s => s.Storage("0", 12), 0, [12], [1]));
            return p;
        }), storages: ("0", new byte[48])));
        yield return Bytes("a list given to 20 000 calls", PickleBuilder.Zip(Calls(20_000, PairsOf(5_000), p => p.Global("collections", "OrderedDict"))));
        yield return Bytes("a text of 4 kB given to 20 000 calls", PickleBuilder.Zip(Calls(20_000, p => p.Text(new string('x', 4000)), p => p.Global("_codecs", "encode"), "latin1")));
        yield return Bytes("a text of 1 MB given to 20 000 calls", PickleBuilder.Zip(Calls(20_000, p => p.Text(new string('x', 1 << 20)), p => p.Global("_codecs", "encode"), "latin1")));
        yield return Bytes("a text of 8 MB given to 1 000 calls, Paddle", Calls(1_000, p => p.Text(new string('é', 4 << 20)), p => p.Global("_codecs", "encode"), "latin1"));
        yield return Bytes("a million empty dictionaries", PickleBuilder.Zip([0x80, 2, .. Enumerable.Repeat((byte)'}', 1_000_000), (byte)'.']));
        yield return Bytes("140 000 empty dictionaries", PickleBuilder.Zip([0x80, 2, .. Enumerable.Repeat((byte)'}', 140_000), (byte)'.']));
        yield return Bytes("a million marks", PickleBuilder.Zip([0x80, 2, .. Enumerable.Repeat((byte)'(', 1_000_000), (byte)'.']));
        yield return Bytes("a million tuples in each other", PickleBuilder.Zip([0x80, 2, (byte)')', .. Enumerable.Repeat((byte)0x85, 1_000_000), (byte)'.']));
        yield return Bytes("8 million instructions that do nothing", PickleBuilder.Zip([0x80, 2, .. Enumerable.Repeat((byte)0x80, 8_000_000), (byte)'.']));
        yield return Bytes("a text of 2^62 bytes", PickleBuilder.Start(4).Raw(0x8D, 0, 0, 0, 0, 0, 0, 0, 0x40).Stop());
        yield return Bytes("bytes of -1 bytes", PickleBuilder.Start(4).Raw(0x8E, 255, 255, 255, 255, 255, 255, 255, 255).Stop());
        yield return Bytes("an integer of 2 GB", PickleBuilder.Start().Raw(0x8B, 255, 255, 255, 127).Stop());
        yield return Bytes("a frame of 2^63 bytes", PickleBuilder.Start(4).Raw(0x95, 255, 255, 255, 255, 255, 255, 255, 255).Stop());
        yield return Bytes("a NumPy array of 2^60 elements", PickleBuilder.Start().Op('}').Item("a", p => p.Array([1 << 30, 1 << 30], "f4", [0, 0, 0, 0], 3)).Stop());
        yield return Bytes("a NumPy array of objects", PickleBuilder.Start().Op('}').Item("a", p => p.Array([1], "O8", [0, 0, 0, 0, 0, 0, 0, 0], 3)).Stop());
        yield return Bytes("a whole model", PickleBuilder.Zip(PickleBuilder.Start().Global("models.edsr", "EDSR").Op(')').Raw(0x81).Op('}').Op('b').Stop()));
        yield return Bytes("a whole model, legacy", PickleBuilder.Legacy(PickleBuilder.Start().Op('(').Text("module").Global("collections", "OrderedDict").Text("edsr.py").Text("class EDSR").Op('t').Op('Q').Stop()));

        // Tensors.
        foreach (var (what, offset, size, stride) in new (string, int, int[], int[])[]
        {
            ("of 2^124 elements", 0, [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue], [1, 1, 1, 1]), ("beyond its storage", 6, [12], [1]),
            ("of -1 elements", 0, [-1], [1]), ("before its storage", -1, [1], [1]), ("with a stride of -1", 11, [12], [-1]),
            ("that repeats one element 2^30 times", 0, [1 << 10, 1 << 10, 1 << 10], [0, 0, 0]), ("of 64 dimensions", 0, [.. Enumerable.Repeat(1, 64)], [.. Enumerable.Repeat(1, 64)]),
            ("of 1000 dimensions", 0, [.. Enumerable.Repeat(1, 1000)], [.. Enumerable.Repeat(1, 1000)]),
        })
            yield return Bytes($"a tensor {what}", PickleBuilder.Zip(PickleBuilder.Start().OrderedDict().Item("head.0.weight", p => p.Tensor(s => s.Storage("0", 12), offset, size, stride)).Stop(), storages: ("0", new byte[48])));
        yield return Bytes("two tensors that repeat one element 2^62 times", PickleBuilder.Zip(PickleBuilder.Start().OrderedDict()
            .Item("a", p => p.Tensor(s => s.Storage("0", 12), 0, [1 << 30, 1 << 30, 4], [0, 0, 0])).Item("b", p => p.Tensor(s => s.Storage("0", 12), 0, [1 << 30, 1 << 30, 4], [0, 0, 0])).Stop(), storages: ("0", new byte[48])));
        yield return Bytes("1000 blocks of one storage", OfOneStorage(1000, 64, [64 * 9, 9, 3, 1]));
        yield return Bytes("100 blocks of filters with holes", OfOneStorage(100, 8, [20_000, 9, 3, 1]));
        yield return Bytes("a storage longer than the file", PickleBuilder.Legacy(pickle, ("0", 12, new byte[8])));
        yield return Bytes("a storage of 2^60 elements", PickleBuilder.Legacy(pickle, ("0", int.MaxValue, new byte[8])));
        yield return Bytes("NaN in a zip", Broken(own, float.NaN).PyTorchZip());
        yield return Bytes("infinity in a Paddle pickle", Broken(own, float.PositiveInfinity).Paddle(2));

        // Zips.
        yield return Bytes("a zip bomb for a pickle", PickleBuilder.Zip(new byte[32 << 20], level: CompressionLevel.Optimal));
        yield return Bytes("a zip bomb for a storage", PickleBuilder.Zip(PickleBuilder.Start().OrderedDict().Item("head.0.weight", p => p.Tensor(s => s.Storage("0", 8 << 20), 0, [8 << 20], [1])).Stop(), level: CompressionLevel.Optimal, storages: ("0", new byte[32 << 20])));
        yield return Bytes("a thousand parts in one place", Overlapping(1_000, 1 << 16));
        yield return Bytes("a list of 60 000 parts", Overlapping(60_000, 0));
        yield return Bytes("parts of one name", PickleBuilder.Zip(pickle, storages: [("0", new byte[48]), ("0", new byte[48])]));
        yield return Bytes("a part that claims 4 GB", Patched(sound, [0x50, 0x4B, 1, 2], 24, BitConverter.GetBytes(uint.MaxValue - 1)));
        yield return Bytes("a part outside the file", Patched(sound, [0x50, 0x4B, 1, 2], 42, BitConverter.GetBytes(int.MaxValue)));
        yield return Bytes("an encrypted part", Patched(sound, [0x50, 0x4B, 1, 2], 8, [1, 0]));
        yield return Bytes("an unknown compression", Patched(sound, [0x50, 0x4B, 1, 2], 10, [99, 0]));
        yield return Bytes("a list of parts that begins at 2^32 - 2", Patched(sound, [0x50, 0x4B, 5, 6], 16, BitConverter.GetBytes(uint.MaxValue - 1)));
        yield return Bytes("a list of 65535 parts by its end record", Patched(sound, [0x50, 0x4B, 5, 6], 8, [255, 255, 255, 255]));
        yield return Bytes("a zip cut in half", sound[..(sound.Length / 2)]);
        yield return Bytes("a TorchScript archive", Zip(("m/data.pkl", [0x80, 2, (byte)'N', (byte)'.']), ("m/code/__torch__.py", []), ("m/constants.pkl", [])));

        // Safetensors.
        yield return Bytes("a header of 2^60 bytes", [.. BitConverter.GetBytes(1L << 60), (byte)'{', .. new byte[100]]);
        yield return Bytes("a header of 8 MB in 100 bytes", [.. BitConverter.GetBytes(8_000_000L), (byte)'{', .. new byte[100]]);
        yield return Bytes("a header of 8 MB of names", Header("{\"__metadata__\":{" + string.Join(',', Enumerable.Range(0, 600_000).Select(i => $"\"{i}\":\"\"")) + "}}"));
        yield return Bytes("JSON a million deep", Header("{\"a\":" + new string('[', 1_000_000)));
        yield return Bytes("a shape of a million sizes", Header("""{"a":{"dtype":"F32","shape":[""" + string.Join(',', Enumerable.Repeat("1", 1_000_000)) + """],"data_offsets":[0,8]}}"""));
        yield return Bytes("60 000 tensors of nothing", Header("{" + string.Join(',', Enumerable.Range(0, 60_000).Select(i => $$"""
            "{{i}}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}
            """)) + "}"));
        yield return Bytes("three filters of no channels", Header("{" + string.Join(',', ((int[])[5, 3, 3]).Select((taps, i) => $$"""
            "{{i}}.weight":{"dtype":"F32","shape":[4,0,{{taps}},{{taps}}],"data_offsets":[0,0]}
            """)) + "}")[..^8]);
        yield return Bytes("a tensor twice", Header("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"""));
        yield return Bytes("tensors on each other", Header("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"""));
        yield return Bytes("a hole before a tensor", Header("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"""));
        yield return Bytes("an unknown element type", Header("""{"a":{"dtype":"F33","shape":[2],"data_offsets":[0,8]}}"""));
        yield return Bytes("2^62 times 4 elements", Header("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}"""));
        yield return Bytes("NaN in safetensors", Broken(own, float.NaN).Safetensors());
        yield return Bytes("names that command a terminal", Header("""{"\u001b]0;x\u0007\n\u202e":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}"""));

        // Other things, and sparse files: 8 GB that take no room.
        yield return ("8 GB of zeros", path => Sparse(path, []));
        yield return ("8 GB behind a safetensors header", path => Sparse(path, Header("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""")));
        yield return ("8 GB in one safetensors tensor", path => Sparse(path, WholeTensor(8L << 30)));
        yield return ("8 GB behind a pickle", path => Sparse(path, PickleBuilder.Start().Int(1).Stop()));
        yield return ("8 GB of one text in a pickle", path => Sparse(path, PickleBuilder.Start(4).Global("_codecs", "encode").Raw(0x8D).Raw(BitConverter.GetBytes((8L << 30) - 100)).Stop()[..^1]));
        yield return ("8 GB behind a zip's first bytes", path => Sparse(path, [0x50, 0x4B, 3, 4]));
        yield return Bytes("empty", []);
        yield return Bytes("one byte", [0x80]);
        yield return ("a folder", path => Directory.CreateSymbolicLink(path, Path.GetTempPath()));
        yield return ("missing", _ => { });
        foreach (string device in (string[])["/dev/zero", "/dev/null", "/proc/self/mem"])
            if (File.Exists(device))
                yield return ($"{device[1..]}", path => File.CreateSymbolicLink(path, device));
        if (!OperatingSystem.IsWindows())
        {
            yield return ("a pipe", MakePipe);
            yield return ("a link to a pipe", LinkToPipe);
        }

        static (string, Action<string>) Bytes(string name, byte[] bytes) => (name, path => File.WriteAllBytes(path, bytes));
    }

    private static void MakePipe(string path) => Process.Start("mkfifo", [path]).WaitForExit();

    private static void LinkToPipe(string path)
    {
        MakePipe(path + ".pipe");
        File.CreateSymbolicLink(path, path + ".pipe");
    }

    /// <summary>A list of the one before, twice, again and again.</summary>
    private static byte[] Doubling(int times, Func<PickleBuilder, PickleBuilder> leaf)
    {
        var pickle = leaf(PickleBuilder.Start()).Raw((byte)'q', 0);
        for (int i = 0; i < times; i++)
            pickle.Op(']').Raw((byte)'h', (byte)i, (byte)'a', (byte)'h', (byte)i, (byte)'a', (byte)'q', (byte)(i + 1));
        return pickle.Stop();
    }

    /// <summary>A list of the results of calls with one argument that is made once.</summary>
    private static byte[] Calls(int times, Func<PickleBuilder, PickleBuilder> argument, Func<PickleBuilder, PickleBuilder> function, string? second = null)
    {
        var pickle = argument(PickleBuilder.Start()).Raw((byte)'q', 0, (byte)'0');
        function(pickle).Raw((byte)'q', 1, (byte)'0');
        pickle.Text(second ?? "").Raw((byte)'q', 2, (byte)'0').Op(']').Op('(');
        for (int i = 0; i < times; i++)
            pickle.Raw((byte)'h', 1, (byte)'h', 0).Raw(second is null ? [0x85] : [(byte)'h', 2, 0x86]).Op('R');
        return pickle.Op('e').Stop();
    }

    /// <summary>An EDSR ×2 all of whose tensors are views of one storage, the blocks' filters with these strides.</summary>
    private static byte[] OfOneStorage(int blocks, int features, int[] strides)
    {
        int count = Math.Max(4 * features * features * 9, strides[0] * features);
        var config = new EdsrConfig(blocks, features, 2);
        var pickle = PickleBuilder.Start().OrderedDict();
        foreach (var (name, shape) in EdsrLayout.Parameters(config))
            pickle.Item(name, p => p.Tensor(s => s.Storage("0", count), 0, shape, shape.Length == 1 ? [1] : shape[0] == features && shape[1] == features ? strides : [shape[1] * 9, 9, 3, 1]));
        return PickleBuilder.Zip(pickle.Stop(), storages: ("0", new byte[4 * count]));
    }

    private static Func<PickleBuilder, PickleBuilder> PairsOf(int count) => pickle =>
    {
        pickle.Op(']').Op('(');
        for (int i = 0; i < count; i++)
            pickle.Text($"k{i}").Int(i).Raw(0x86);
        return pickle.Op('e');
    };

    private static StateDict Broken(StateDict dict, float value) =>
        new(dict.Tensors.Select((t, i) => (t.Name, t.Shape, i == 3 ? [.. t.Values.Select((v, k) => k == 1 ? value : v)] : t.Values)));

    private static byte[] Header(string json)
    {
        byte[] header = Encoding.UTF8.GetBytes(json);
        return [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[8]];
    }

    /// <summary>A header that says that all the rest of so many bytes is one tensor.</summary>
    private static byte[] WholeTensor(long length)
    {
        const int room = 128;
        long bytes = length - sizeof(long) - room;
        string json = """{"head.0.weight":{"dtype":"F32","shape":[""" + bytes / 4 + """],"data_offsets":[0,""" + bytes + "]}}";
        return Header(json.PadRight(room))[..^8];
    }

    private static void Sparse(string path, byte[] start)
    {
        using var file = File.Create(path);
        file.Write(start);
        file.SetLength(8L << 30);
    }

    private static byte[] Zip(params (string Name, byte[] Data)[] parts)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
            foreach (var (name, data) in parts)
            {
                using var part = zip.CreateEntry(name, CompressionLevel.NoCompression).Open();
                part.Write(data);
            }
        return file.ToArray();
    }

    /// <summary>A zip whose storages 0 to count − 1 all lie in one place.</summary>
    private static byte[] Overlapping(int count, int length)
    {
        var pickle = PickleBuilder.Start().OrderedDict();
        for (int i = 0; i < Math.Min(count, 1_000); i++)
            pickle.Item($"t{i}", p => p.Tensor(s => s.Storage(i.ToString(), length / 4), 0, [length / 4], [1]));
        byte[] sound = Zip(("m/data.pkl", pickle.Stop()), ("m/data/0", new byte[length]));
        int directory = BinaryPrimitives.ReadInt32LittleEndian(sound.AsSpan(sound.Length - 6)), second = sound.AsSpan(directory + 4).IndexOf((byte[])[0x50, 0x4B, 1, 2]) + directory + 4;
        byte[] record = sound[second..(second + 46)];
        var file = new List<byte>(sound[..(second + 46 + 8)]);
        for (int i = 1; i < count; i++)
        {
            byte[] name = Encoding.ASCII.GetBytes($"m/data/{i}");
            BinaryPrimitives.WriteInt16LittleEndian(record.AsSpan(28), (short)name.Length);
            file.AddRange(record);
            file.AddRange(name);
        }
        byte[] end = sound[^22..];
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)(count + 1));
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)(count + 1));
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(12), file.Count - directory);
        return [.. file, .. end];
    }

    /// <summary>Bytes at an offset from the first mark replaced.</summary>
    private static byte[] Patched(byte[] file, byte[] mark, int offset, byte[] bytes)
    {
        var copy = (byte[])file.Clone();
        bytes.CopyTo(copy, copy.AsSpan().IndexOf(mark) + offset);
        return copy;
    }
}
