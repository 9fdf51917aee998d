using System.IO.Compression;
using System.Runtime.InteropServices;
using EdsrIlgpu.Weights;
using EdsrIlgpu.Weights.Pickles;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>PyTorch's containers and pickles: views, types, and that nothing hostile or malformed passes.</summary>
public class PyTorchTests
{
    private static readonly byte[] Values = MemoryMarshal.AsBytes<float>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]).ToArray();

    [Fact]
    public void Views_are_read_in_their_own_order()
    {
        var pickle = PickleBuilder.Start().OrderedDict()
            .Item("whole", p => p.Tensor(s => s.Storage("0", 12), 0, [3, 4], [4, 1]))
            .Item("transposed", p => p.Tensor(s => s.Storage("0", 12), 0, [4, 3], [1, 4]))
            .Item("column", p => p.Tensor(s => s.Storage("0", 12), 1, [3], [4]))
            .Item("every other", p => p.Tensor(s => s.Storage("0", 12), 5, [2, 2], [4, 2]))
            .Item("scalar", p => p.Tensor(s => s.Storage("0", 12), 11, [], []))
            .Item("none", p => p.Tensor(s => s.Storage("0", 12), 12, [0, 5], [5, 1]))
            .Stop();
        foreach (byte[] bytes in (byte[][])[PickleBuilder.Zip(pickle, storages: ("0", Values)), PickleBuilder.Legacy(pickle, ("0", 12, Values))])
        {
            using var folder = new TemporaryFolder();
            using var file = TensorFile.Open(folder.Write("views.pt", bytes));
            Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], file.Tensors["whole"].Read());
            Assert.Equal([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11], file.Tensors["transposed"].Read());
            Assert.Equal([1, 5, 9], file.Tensors["column"].Read());
            Assert.Equal([5, 7, 9, 11], file.Tensors["every other"].Read());
            Assert.Equal([11], file.Tensors["scalar"].Read());
            Assert.Empty(file.Tensors["none"].Read());
        }
    }

    [Fact]
    public void Storages_of_every_width_are_read()
    {
        var pickle = PickleBuilder.Start().OrderedDict()
            .Item("half", p => p.Tensor(s => s.Storage("h", 1, "HalfStorage"), 0, [1], [1]))
            .Item("brain", p => p.Tensor(s => s.Storage("b", 1, "BFloat16Storage"), 0, [1], [1]))
            .Item("double", p => p.Tensor(s => s.Storage("d", 1, "DoubleStorage"), 0, [1], [1]))
            .Item("step", p => p.Tensor(s => s.Storage("l", 1, "LongStorage"), 0, [], []))
            .Item("epoch", p => p.Int(7))
            .Item("optimizer", p => p.Op('}').Item("state", q => q.Op(']').Tensor(s => s.Storage("d", 1, "DoubleStorage"), 0, [1], [1]).Op('a')))
            .Stop();
        using var folder = new TemporaryFolder();
        using var file = TensorFile.Open(folder.Write("types.pt", PickleBuilder.Zip(pickle, "any root", storages:
        [
            ("h", BitConverter.GetBytes((Half)1.5)), ("b", [0x80, 0x3F]), ("d", BitConverter.GetBytes(0.1)), ("l", BitConverter.GetBytes(9L)),
        ])));
        Assert.Equal(["half", "brain", "double", "step", "optimizer.state.0"], file.Tensors.Keys);
        Assert.Equal([1.5f], file.Tensors["half"].Read());
        Assert.Equal([1f], file.Tensors["brain"].Read());
        Assert.Equal([0.1f], file.Tensors["double"].Read());
        Assert.Equal(TensorType.Int64, file.Tensors["step"].Type);
    }

    // {'state_dict': OrderedDict(a, b), 'epoch': 3, …} as Python's own pickler writes it in protocol 3 and in 4, whose instructions differ.
    [Theory]
    [InlineData("gAN9cQAoWAoAAABzdGF0ZV9kaWN0cQFjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQIpUnEDKFgBAAAAYXEEY3RvcmNoLl91dGlscwpfcmVidWlsZF90ZW5zb3JfdjIKcQUoKFgHAAAAc3RvcmFnZXEGY3RvcmNoCkZsb2F0U3RvcmFnZQpxB1gBAAAAMHEIWAMAAABjcHVxCUsMdHEKUUsASwNLBIZxC0sESwGGcQyJaAIpUnENdHEOUnEPWAEAAABicRBoBSgoaAZoB2gIaAlLDHRxEVFLAUsDhXESSwSFcROJaAIpUnEUdHEVUnEWdVgFAAAAZXBvY2hxF0sDWAIAAABscnEYRz8aNuLrHEMtWAMAAABiaWdxGYoJAAAAAAAAAABAWAQAAABuYW1lcRpYAgAAAMO8cRtYBAAAAG5vbmVxHE5YAwAAAHJhd3EdQwF4cR5YBAAAAGxpc3RxH11xIChLAUsCZVgBAAAAdHEhKEsBSwJLA0sEdHEidS4=")]
    [InlineData("gASVOQEAAAAAAAB9lCiMCnN0YXRlX2RpY3SUjAtjb2xsZWN0aW9uc5SMC09yZGVyZWREaWN0lJOUKVKUKIwBYZSMDHRvcmNoLl91dGlsc5SMEl9yZWJ1aWxkX3RlbnNvcl92MpSTlCgojAdzdG9yYWdllIwFdG9yY2iUjAxGbG9hdFN0b3JhZ2WUk5SMATCUjANjcHWUSwx0lFFLAEsDSwSGlEsESwGGlIloBClSlHSUUpSMAWKUaAkoKGgKaA1oDmgPSwx0lFFLAUsDhZRLBIWUiWgEKVKUdJRSlHWMBWVwb2NolEsDjAJscpRHPxo24uscQy2MA2JpZ5SKCQAAAAAAAAAAQIwEbmFtZZSMAsO8lIwEbm9uZZROjANyYXeUQwF4lIwEbGlzdJRdlChLAUsCZYwBdJQoSwFLAksDSwR0lHUu")]
    public void Later_protocols_are_read(string pickle)
    {
        using var folder = new TemporaryFolder();
        using var file = TensorFile.Open(folder.Write("later.pt", PickleBuilder.Zip(Convert.FromBase64String(pickle), storages: ("0", Values))));
        Assert.Equal(["state_dict.a", "state_dict.b"], file.Tensors.Keys);
        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], file.Tensors["state_dict.a"].Read());
        Assert.Equal([1, 5, 9], file.Tensors["state_dict.b"].Read());
    }

    [Fact]
    public void Views_of_legacy_storages_are_read()
    {
        var pickle = PickleBuilder.Start().OrderedDict().Item("part", p => p.Tensor(s => s.Storage("0", 12, view: (4, 6)), 1, [5], [1])).Stop();
        using var folder = new TemporaryFolder();
        using var file = TensorFile.Open(folder.Write("view.pt", PickleBuilder.Legacy(pickle, ("0", 12, Values))));
        Assert.Equal([5, 6, 7, 8, 9], file.Tensors["part"].Read());
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("torch", "load")]
    [InlineData("torch", "FloatStorage.__init__")]
    [InlineData("collections", "OrderedDict.fromkeys")]
    [InlineData("torch.FloatStorage", "x")]
    public void A_hostile_pickle_is_refused_and_what_it_names_is_told(string module, string name)
    {
        using var folder = new TemporaryFolder();
        string witness = folder.Path("witness");
        var byGlobal = PickleBuilder.Start().Global(module, name).Op('(').Text($"touch {witness}").Op('t').Op('R').Stop();
        var byStack = PickleBuilder.Start().Text(module).Text(name).Raw(0x93).Op('(').Text($"touch {witness}").Op('t').Op('R').Stop();
        foreach (byte[] pickle in (byte[][])[byGlobal, byStack])
            foreach (byte[] bytes in (byte[][])[pickle, PickleBuilder.Zip(pickle), PickleBuilder.Legacy(pickle)])
            {
                string message = Refused(folder, bytes);
                Assert.Contains($"it names {module}.{name}, which weights do not need", message);
                Assert.Contains("nothing in it was run", message);
            }
        Assert.False(File.Exists(witness));
    }

    [Fact]
    public void Malformed_pickles_are_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (var (reason, pickle) in new (string, byte[])[]
        {
            ("takes more than it has", PickleBuilder.Start().Stop()),
            ("takes more than it has", PickleBuilder.Start().Op('t').Stop()),
            ("takes more than it has", PickleBuilder.Start().Int(1).Op('(').Op('R').Stop()),
            ("calls what cannot be called", PickleBuilder.Start().Int(1).Op(')').Op('R').Stop()),
            ("calls what cannot be called", PickleBuilder.Start().Global("torch", "FloatStorage").Op(')').Op('R').Stop()),
            ("recalls what it never kept", PickleBuilder.Start().Raw((byte)'h', 3).Stop()),
            ("has the instruction 0x50", PickleBuilder.Start().Op('P').Stop()),
            ("ends too early", [0x80, 2]),
            ("ends too early", PickleBuilder.Start().Raw((byte)'X', 255, 255, 255, 127).Stop()),
            ("ends too early", PickleBuilder.Start().Raw(0x8D, 255, 255, 255, 255, 255, 255, 255, 127).Stop()),
            ("ends too early", PickleBuilder.Start().Raw(0x8E, 255, 255, 255, 255, 255, 255, 255, 255).Stop()),
            ("has an endless integer", PickleBuilder.Start().Raw(0x8B, 0, 1, 0, 0).Stop()),
            ("has an unknown protocol", [0x80, 77]),
            ("works on another kind of thing", PickleBuilder.Start().Int(1).Int(2).Op('a').Stop()),
            ("a key that is neither", PickleBuilder.Start().Op('}').Op('N').Op('N').Op('s').Stop()),
            ("a key without a value", PickleBuilder.Start().Op('}').Op('(').Int(1).Op('u').Stop()),
            ("a storage is described", PickleBuilder.Start().Text("0").Op('Q').Stop()),
            ("builds a tensor", PickleBuilder.Start().Global("torch._utils", "_rebuild_tensor").Op(')').Op('R').Stop()),
            ("builds a parameter", PickleBuilder.Start().Global("torch._utils", "_rebuild_parameter").Op(')').Op('R').Stop()),
            ("builds OrderedDict", PickleBuilder.Start().Global("collections", "OrderedDict").Ints(1, 2).Op('R').Stop()),
        })
            Assert.Contains(reason, Refused(folder, PickleBuilder.Zip(pickle)));
    }

    [Fact]
    public void Tensors_that_leave_their_storage_are_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (var (offset, size, stride) in new (int, int[], int[])[]
        {
            (0, [13], [1]), (1, [12], [1]), (0, [2, 7], [6, 1]), (-1, [1], [1]), (0, [-1], [1]), (0, [2], [-1]), (0, [2], []), (13, [0], [1]),
            (0, [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue], [int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue]),
        })
        {
            var pickle = PickleBuilder.Start().OrderedDict().Item("a", p => p.Tensor(s => s.Storage("0", 12), offset, size, stride)).Stop();
            string message = Refused(folder, PickleBuilder.Zip(pickle, storages: ("0", Values)));
            Assert.True(message.Contains("reaches beyond") || message.Contains("impossible shape"), message);
        }
    }

    [Fact]
    public void Small_files_cannot_claim_much_memory()
    {
        using var folder = new TemporaryFolder();
        // A view that repeats one element a billion times.
        var repeated = PickleBuilder.Start().OrderedDict().Item("a", p => p.Tensor(s => s.Storage("0", 12), 0, [1 << 30], [0])).Stop();
        using (var file = TensorFile.Open(folder.Write("repeated", PickleBuilder.Zip(repeated, storages: ("0", Values)))))
            Assert.Contains("which no weight needs", Assert.Throws<WeightFileException>(() => file.Tensors["a"].Read()).Message);

        // A list in a list, each twice in the next: two to the power of thirty tensors.
        var nested = PickleBuilder.Start().Op(']').Raw((byte)'q', 0);
        for (byte i = 0; i < 30; i++)
            nested.Op(']').Raw((byte)'h', i, (byte)'a', (byte)'h', i, (byte)'a', (byte)'q', (byte)(i + 1));
        Assert.Contains("too many, too deeply nested", Refused(folder, PickleBuilder.Zip(nested.Stop())));

        var wide = PickleBuilder.Start().Op(']').Raw((byte)'q', 0);
        for (byte i = 0; i < 6; i++)
        {
            wide.Op(']').Op('(');
            for (int k = 0; k < 200; k++)
                wide.Raw((byte)'h', i);
            wide.Raw((byte)'e', (byte)'q', (byte)(i + 1));
        }
        Assert.Contains("too many, too deeply nested", Refused(folder, PickleBuilder.Zip(wide.Stop())));

        Assert.Contains("more than 150000 things", Refused(folder, PickleBuilder.Zip([0x80, 2, .. Enumerable.Repeat((byte)']', Unpickler.MostObjects + 1), (byte)'.'])));
        Assert.Contains("bytes", Refused(folder, PickleBuilder.Zip([0x80, 2, .. new byte[Unpickler.Longest], (byte)'.'])));
    }

    [Fact]
    public void Containers_that_contradict_their_pickle_are_refused()
    {
        using var folder = new TemporaryFolder();
        var pickle = PickleBuilder.Start().OrderedDict().Item("a", p => p.Tensor(s => s.Storage("0", 12), 0, [12], [1])).Stop();
        Assert.Contains("data/0 is missing", Refused(folder, PickleBuilder.Zip(pickle)));
        Assert.Contains("should have 12 elements", Refused(folder, PickleBuilder.Zip(pickle, storages: ("0", Values[..44]))));
        Assert.Contains("its byte order is 'middle'", Refused(folder, PickleBuilder.Zip(pickle, byteOrder: "middle", storages: ("0", Values))));
        Assert.Contains("two parts called", Refused(folder, PickleBuilder.Zip(pickle, storages: [("0", Values), ("0", Values)])));
        Assert.Contains("its storage 0 is missing", Refused(folder, PickleBuilder.Legacy(pickle)));
        Assert.Contains("has 11 elements and should have 12", Refused(folder, PickleBuilder.Legacy(pickle, ("0", 11, Values))));
        Assert.Contains("comes twice", Refused(folder, PickleBuilder.Legacy(pickle, ("0", 12, Values), ("0", 12, Values))));
        Assert.Contains("it is truncated", Refused(folder, PickleBuilder.Legacy(pickle, ("0", 12, Values[..40]))));
        Assert.Contains("it is truncated", Refused(folder, PickleBuilder.Legacy(pickle, ("0", 12, Values))[..^52]));
        var leaving = PickleBuilder.Start().OrderedDict().Item("a", p => p.Tensor(s => s.Storage("0", 12, view: (8, 5)), 0, [5], [1])).Stop();
        Assert.Contains("a view leaves its storage 0", Refused(folder, PickleBuilder.Legacy(leaving, ("0", 12, Values))));
        var twice = PickleBuilder.Start().OrderedDict().Item("a", p => p.Tensor(s => s.Storage("0", 12), 0, [12], [1])).Item("b", p => p.Tensor(s => s.Storage("0", 6), 0, [6], [1])).Stop();
        Assert.Contains("described twice", Refused(folder, PickleBuilder.Zip(twice, storages: ("0", Values))));
        var clash = PickleBuilder.Start().OrderedDict().Item("a.b", p => p.Tensor(s => s.Storage("0", 12), 0, [12], [1]))
            .Item("a", p => p.Op('}').Item("b", q => q.Tensor(s => s.Storage("0", 12), 0, [12], [1]))).Stop();
        Assert.Contains("two tensors called a.b", Refused(folder, PickleBuilder.Zip(clash, storages: ("0", Values))));
    }

    [Fact]
    public void Other_zips_and_pickles_are_told_from_PyTorchs()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("without data.pkl", Refused(folder, OtherZip()));
        Assert.Contains("a Python pickle, but neither of PyTorch nor of named arrays", Refused(folder, PickleBuilder.Start().Int(1).Stop()));
    }

    private static byte[] OtherZip()
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create))
            zip.CreateEntry("readme.txt");
        return file.ToArray();
    }

    private static string Refused(TemporaryFolder folder, byte[] bytes)
    {
        string path = folder.Write("bad.pt", bytes);
        string message = Assert.Throws<EdsrException>(() => ModelFile.Describe(path)).Message;
        Assert.StartsWith(path, message);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
