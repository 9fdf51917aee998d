using System.Diagnostics;
using EdsrIlgpu.Import;
using EdsrIlgpu.Models;
using EdsrIlgpu.Training;
using static EdsrIlgpu.Tests.Import.TensorFlowNode;

namespace EdsrIlgpu.Tests.Import;

/// <summary>Damaged, hostile and merely different files: one line each, at once, and no memory that the file does not warrant.</summary>
public class BadImportTests
{
    [Fact]
    public void Other_graphs_are_refused_by_what_they_compute()
    {
        using var folder = new TemporaryFolder();
        foreach (var (reason, replaced, by) in new (string, string, Func<ProtoWriter>)[]
        {
            ("does not come from a convolution", "Conv2D_3", () => Node("Conv2D", "Conv2D_3", ["Relu_1", "resFilter2"], List("strides", 1, 2, 2, 1), Text("padding", "SAME"))),
            ("does not come from a convolution", "Conv2D", () => Node("Conv2D", "Conv2D", ["IteratorGetNext", "resFilter_one"], List("strides", 1, 1, 1, 1), Text("padding", "VALID"))),
            ("LeakyRelu (1)", "Relu", () => Node("LeakyRelu", "Relu", ["add_1"])),
            ("residual scales", "mul_1/y", () => Scalar("mul_1/y", 0.5f)),
            ("Sub (1)", "IteratorGetNext", () => Node("Sub", "IteratorGetNext", ["resFilter_one", "BiasOne"])),
            ("nothing enlarges the picture", "NHWC_output", () => Node("Identity", "NHWC_output", ["add_9"])),
            ("NCHW_output", "NCHW_output/perm", () => Const("NCHW_output/perm", Integer32, Tensor(Integer32, 4).Bytes(4, [0, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0]))),
            ("more than one thing comes out", "mul/y", () => Scalar("other", 1)),
            ("PixelShuffle by 4 turns 12 channels into something else than the 3", "NHWC_output", () => Node("DepthToSpace", "NHWC_output", ["add_9"], Number("block_size", 4), Text("data_format", "NHWC"))),
            ("DepthToSpace (1)", "NHWC_output", () => Node("DepthToSpace", "NHWC_output", ["add_9"], Number("block_size", 2), Text("data_format", "NCHW"))),
        })
        {
            var network = new EdsrTensorflow(blocks: 2, features: 4, scale: 2) { Change = node => NameOf(node) == replaced ? by() : node };
            string path = folder.Write("other.pb", network.GraphDef());
            string message = Refused(path);
            Assert.Contains("is a TensorFlow graph file of ", message);
            Assert.Contains("Its operations are Const (", message);
            Assert.Contains("resFilter_one", message);
            if (reason != "NCHW_output")
                Assert.Contains(reason, message);
            Assert.Null(ModelImport.Describe(path).Config);
        }
    }

    [Fact]
    public void An_EDSR_of_unknown_colours_is_refused()
    {
        using var folder = new TemporaryFolder();
        var network = new EdsrTensorflow(blocks: 2, features: 4, scale: 2);
        byte[] renamed = System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(network.GraphDef()).Replace("resFilter", "theFilter"));
        Assert.Contains("under other names than EDSR_Tensorflow's, so that its order of colours and its range are unknown", Refused(folder.Write("other.pb", renamed)));
    }

    [Fact]
    public void Broken_graphs_are_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (var (reason, bytes) in new (string, byte[])[]
        {
            ("two nodes called a", GraphDef(Scalar("a", 1), Scalar("a", 2))),
            ("impossible shape [-1, 4]", GraphDef(Const("a", TensorFlowNode.Float, Tensor(TensorFlowNode.Float, -1, 4).Bytes(4, [1, 2, 3, 4])))),
            ("impossible shape", GraphDef(Const("a", TensorFlowNode.Float, Tensor(TensorFlowNode.Float, 1L << 40, 1L << 40)))),
            ("shape [2] with 4 bytes", GraphDef(Const("a", TensorFlowNode.Float, Tensor(TensorFlowNode.Float, 2).Bytes(4, [1, 2, 3, 4])))),
            ("shape [2] with 12 bytes", GraphDef(Const("a", TensorFlowNode.Float, Tensor(TensorFlowNode.Float, 2).Bytes(5, new byte[12])))),
            ("more than 16 dimensions", GraphDef(Const("a", TensorFlowNode.Float, Tensor(TensorFlowNode.Float, new long[17])))),
            ("8-bit weights from NaN to 1", GraphDef(Quantised.Nodes("a", [0, 255], float.NaN, 1, [2], "MIN_FIRST"))),
            ("8-bit weights from 1 to -1", GraphDef(Quantised.Nodes("a", [0, 255], 1, -1, [2], null))),
            // A name of 2^60 bytes, and a node of as many.
            ("breaks off or breaks", [.. GraphDef(Scalar("a", 1)), 0x0A, 12, 0x0A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10, 0, 0]),
            ("1152921504606846976 bytes is longer than the message", [.. GraphDef(Scalar("a", 1)), 0x0A, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10]),
            ("has a group", [.. GraphDef(Scalar("a", 1)), 0x0B]),
            ("another type than the format demands", [.. GraphDef(Scalar("a", 1)), 0x08, 1]),
            ("longer than the message", GraphDef(new ProtoWriter().Text(1, "a").Text(2, "Const").Bytes(5, [0x12, 100, 0x42]))),
        })
            Assert.Contains(reason, Refused(folder.Write("broken.pb", bytes)));
    }

    [Fact]
    public void A_few_bytes_cannot_claim_much_memory()
    {
        using var folder = new TemporaryFolder();
        // Filters of one value each, as large as they come; 100 000 nodes; messages in each other; a list of 10^6 numbers; a name of 10 MB.
        var bomb = new EdsrTensorflow(blocks: 1, features: 4, scale: 2) { StoreFilter = (name, _, _) => [Const(name, TensorFlowNode.Float, Tensor(TensorFlowNode.Float, 3, 3, 4096, 4096).Float(5, 1))] };
        Assert.Contains("does not come from a convolution", Refused(folder.Write("bomb.pb", bomb.GraphDef()), mostBytes: 2 << 20));
        Assert.Contains("more than 65536 nodes", Refused(folder.Write("many.pb", GraphDef(Enumerable.Range(0, 100_000).Select(i => new ProtoWriter().Text(1, $"{i}").Text(2, "NoOp"))))));
        foreach (int field in (int[])[1, 5, 8, 9])
            Refused(folder.Write("nested.pb", GraphDef(new ProtoWriter().Text(1, "a").Text(2, "Const").Bytes(field, Nested(100_000, field)))));
        Refused(folder.Write("list.pb", GraphDef(Node("Conv2D", "a", [], ("strides", new ProtoWriter().Message(1, new ProtoWriter().Packed(3, Enumerable.Repeat(1L, 1_000_000))))))));
        Assert.Contains("a name has 10000000 characters", Refused(folder.Write("name.pb", GraphDef(Scalar("b", 1), Scalar(new string('a', 10_000_000), 1)))));
    }

    [Fact]
    public void Broken_parameters_are_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] sound = Files().Parameters();
        foreach (var (reason, bytes) in new (string, byte[])[]
        {
            ("it breaks off in tensor 3", [.. sound, 0, 0, 0]),
            ("tensor 3 begins with something else than version 0", [.. sound, 1, .. new byte[40]]),
            ("tensor 3 begins with something else", [.. sound, 0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255]),
            ("it breaks off in tensor 3", [.. sound, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16]),
            ("a description of -1 bytes", [.. sound, .. new byte[16], 255, 255, 255, 255]),
            ("the unknown type 99", [.. sound, .. new byte[16], 2, 0, 0, 0, 8, 99]),
            ("a tensor without a type", [.. sound, .. new byte[16], 2, 0, 0, 0, 16, 1]),
            ("the impossible shape [-1]", [.. sound, .. new byte[16], 13, 0, 0, 0, 8, 5, 16, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]),
            ("bytes are left for its 4611686018427387904", [.. sound, .. new byte[16], 12, 0, 0, 0, 8, 5, 16, 128, 128, 128, 128, 128, 128, 128, 128, 16]),
            ("breaks protobuf's format", [.. sound, .. new byte[16], 2, 0, 0, 0, 8, 255]),
        })
            Assert.Contains(reason, Refused(folder.Write("broken.pdiparams", bytes)));
        for (int length = 1; length < sound.Length; length += 7)
            Refused(folder.Write("cut.pdiparams", sound[..length]));
    }

    [Fact]
    public void Files_that_do_not_belong_together_are_refused()
    {
        using var folder = new TemporaryFolder();
        var config = new EdsrConfig(1, 4, 2);
        var model = InitialWeights.Draw(config, 1);
        PaddleFiles files = new(), others = new();
        var names = files.Weights(model, Edsr.Build(config).Parameters.Select(p => p.Name));
        string y = files.Compute(config, names);
        string program = folder.Write("net.pdmodel", files.Program(y));
        Assert.Contains("is a program of Paddle, whose weights lie beside it in net.pdiparams, which is not there", Refused(program));

        string parameters = folder.Write("net.pdiparams", Files().Parameters());
        Assert.Contains("net.pdmodel and net.pdiparams do not belong together, they have 12 weights and 2 tensors", Refused(program));
        Assert.Contains("and net.pdmodel do not belong together", Refused(parameters));

        others.Weights(InitialWeights.Draw(config with { Features = 8 }, 1), names.Keys);
        folder.Write("net.pdiparams", others.Parameters());
        Assert.Contains("they have conv2d_0.b_0 [4] and a tensor [8]", Refused(parameters));

        folder.Write("net.pdiparams", files.Parameters());
        byte[] sound = files.Program(y);
        foreach (var (reason, bytes) in new (string, byte[])[]
        {
            ("net.pdiparams belongs together with net.pdmodel, and that is no sound Paddle program", sound[..(sound.Length / 2)]),
            ("it has 0 outputs", Without(sound, "fetch")),
            ("Its operations are ", Without(sound, "relu")),
            ("does not come from a convolution with a bias", Without(sound, "EXPLICIT")),
        })
        {
            folder.Write("net.pdmodel", bytes);
            Assert.Contains(reason, Refused(parameters));
        }

        // As long, and another word.
        static byte[] Without(byte[] program, string word) =>
            System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(program).Replace(word, string.Concat(word.Reverse())));
    }

    [Fact]
    public void Programs_that_differ_from_an_EDSR_in_one_thing_are_refused()
    {
        using var folder = new TemporaryFolder();
        var config = new EdsrConfig(2, 4, 2);
        foreach (var (reason, compute) in new (string, Func<PaddleFiles, Dictionary<string, string>, string>)[]
        {
            ("does not come from a convolution", (f, n) => Network(f, n, f.Conv("x", n["head.0"], 1, ("groups", new ProtoWriter().Integer(2, 0).Integer(3, 3))))),
            ("does not come from a convolution", (f, n) => Network(f, n, f.Conv("x", n["head.0"]), change: branch => f.One("scale", [("X", branch)], ("bias", new ProtoWriter().Integer(2, 1).Float(4, 1))))),
            ("1 of its 2 blocks use one convolution twice", (f, n) => Network(f, n, f.Conv("x", n["head.0"]), second: "body.0.body.0")),
            ("what is added after the body is not the first convolution's output", (f, n) => Network(f, n, f.Conv("x", n["head.0"]), skip: f.Conv("x", n["head.0"]))),
            ("PixelShuffle by 4 turns 16 channels", (f, n) => Network(f, n, f.Conv("x", n["head.0"]), shuffle: 4)),
        })
        {
            var files = new PaddleFiles();
            var names = files.Weights(InitialWeights.Draw(config, 1), Edsr.Build(config).Parameters.Select(p => p.Name));
            string y = compute(files, names);
            folder.Write("net.pdiparams", files.Parameters());
            Assert.Contains(reason, Refused(folder.Write("net.pdmodel", files.Program(y))));
        }

        static string Network(PaddleFiles f, Dictionary<string, string> n, string head, string? skip = null, string second = "body.0.body.2", int shuffle = 2, Func<string, string>? change = null)
        {
            string x = head;
            foreach (var (a, b) in new[] { ("body.0.body.0", second), ("body.1.body.0", "body.1.body.2") })
            {
                string branch = f.Conv(f.Relu(f.Conv(x, n[a])), n[b]);
                x = f.Add(change?.Invoke(branch) ?? branch, x);
            }
            x = f.Add(f.Conv(x, n["body.2"]), skip ?? head);
            return f.Conv(f.Shuffle(f.Conv(x, n["tail.0.0"]), shuffle), n["tail.1"]);
        }
    }

    [Fact]
    public void Weights_in_no_order_that_is_known_are_refused()
    {
        using var folder = new TemporaryFolder();
        var config = new EdsrConfig(2, 4, 2);
        var model = InitialWeights.Draw(config, 1);
        var order = Edsr.Build(config).Parameters.Select(p => p.Name).ToList();
        foreach (var (reason, names) in new (string, IEnumerable<string>)[]
        {
            ("make no EDSR in the tutorial's order (first, up, last, body)", Enumerable.Reverse(order)),
            // An even number of convolutions in the body: tied or not, nothing says.
            ("make no EDSR", order.Where(name => name != "body.2")),
            ("make no EDSR", order.Where(name => name != "head.0")),
        })
        {
            var files = new PaddleFiles();
            files.Weights(model, names);
            string message = Refused(folder.Write("a.pdiparams", files.Parameters()));
            Assert.Contains(reason, message);
            Assert.Contains("Put the .pdmodel", message);
        }
        var own = new PaddleFiles();
        own.Weight("alpha", [3], [1, 2, 3]);
        own.Weight("beta", [3, 3], new float[9]);
        Assert.Contains("not biases and filters by turns", Refused(folder.Write("own.pdiparams", own.Parameters())));
    }

    [Fact]
    public void Other_protobuf_files_are_named()
    {
        using var folder = new TemporaryFolder();
        var onnx = new ProtoWriter().Integer(1, 8).Text(2, "pytorch").Text(3, "2.4").Message(7, new ProtoWriter().Text(2, "main"));
        Assert.Contains("seems to be an ONNX model", Refused(folder.Write("net.onnx", onnx.ToArray())));
        var saved = new ProtoWriter().Integer(1, 1).Message(2, new ProtoWriter().Message(1, new ProtoWriter().Text(1, new string('x', 200))));
        Assert.Contains("is a TensorFlow SavedModel", Refused(folder.Write("saved_model.pb", saved.ToArray())));
        Assert.Contains("is a text", Refused(folder.Write("text.pb", "\nThis is no protobuf.\n"u8.ToArray())));
    }

    [Fact]
    public void Dead_weights_are_refused()
    {
        using var folder = new TemporaryFolder();
        var network = new EdsrTensorflow(blocks: 1, features: 4, scale: 2);
        network.Filters["resFilter1"].Values[7] = float.NaN;
        Assert.Contains("NaN or infinity in body.0.body.2.weight", Refused(folder.Write("nan.pb", network.GraphDef())));
    }

    [Fact]
    public void Graphs_cut_anywhere_are_refused()
    {
        using var folder = new TemporaryFolder();
        byte[] whole = new EdsrTensorflow(blocks: 1, features: 4, scale: 2).GraphDef();
        for (int length = 1; length < whole.Length - 10; length += 97)
            Refused(folder.Write("cut.pb", whole[..length]));
    }

    /// <summary>Messages that each hold one other in a field, the innermost nothing.</summary>
    private static byte[] Nested(int depth, int field)
    {
        // From the inside, backwards: what is added is what stands before.
        var bytes = new List<byte>();
        for (int i = 0; i < depth; i++)
        {
            byte[] header = new ProtoWriter().Packed(field, []).ToArray()[..^1], length = Varint(bytes.Count);
            bytes.AddRange(length.Reverse());
            bytes.AddRange(header.Reverse());
        }
        bytes.Reverse();
        return [.. bytes];

        static byte[] Varint(int value) => new ProtoWriter().Integer(1, value).ToArray()[1..];
    }

    private static PaddleFiles Files()
    {
        var files = new PaddleFiles();
        files.Convolution(0, 4, 3, new float[108], new float[4]);
        return files;
    }

    private static string Refused(string path, long? mostBytes = null)
    {
        long before = GC.GetAllocatedBytesForCurrentThread(), start = Stopwatch.GetTimestamp();
        string message = Assert.Throws<EdsrException>(() => ModelImport.Load(path)).Message;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before, length = new FileInfo(path).Length;
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(1), $"{path}: {Stopwatch.GetElapsedTime(start)}");
        Assert.True(allocated <= (mostBytes ?? 4 << 20) + 24 * length, $"{path}: {allocated} bytes for {length}");
        Assert.StartsWith(path, message);
        Assert.DoesNotContain('\n', message);
        return message;
    }

    /// <summary>The name of a node, its first field.</summary>
    private static string NameOf(ProtoWriter node)
    {
        byte[] bytes = node.ToArray();
        return System.Text.Encoding.UTF8.GetString(bytes, 2, bytes[1]);
    }
}
