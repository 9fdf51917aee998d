using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Graph;
using EdsrIlgpu.Weights;
using EdsrIlgpu.Weights.Recognition;
using EdsrIlgpu.Weights.Safetensors;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>From tensors to networks and back: what is recognised, what is kept, and what is refused.</summary>
public class ModelFileTests
{
    public static TheoryData<string, EdsrConfig> Configs =>
    [
        ("×2", new EdsrConfig(2, 8, 2)),
        ("×3, own residual scale", new EdsrConfig(3, 12, 3) { ResidualScale = 0.3f }),
        ("×4", new EdsrConfig(1, 16, 4)),
        ("×6", new EdsrConfig(1, 4, 6)),
        ("[0, 1]", new EdsrConfig(1, 8, 2) { Range = PixelRange.Unit }),
        ("own mean", new EdsrConfig(1, 8, 2) { Range = new PixelRange(0.37f, [-1.1f, 2.2f, 0.1f], [1e-7f, 3.3f, -4]) }),
        ("tutorial", new EdsrConfig(2, 8, 2) { ResidualScale = 0.1f, TiedBlocks = true, GlobalSkip = false, Range = PixelRange.SignedUnit }),
        ("tied with skip", new EdsrConfig(2, 8, 2) { TiedBlocks = true }),
        ("no skip", new EdsrConfig(2, 8, 2) { GlobalSkip = false }),
        ("sub-pixel output ×2", new EdsrConfig(2, 8, 2) { ResidualScale = 0.1f, SubPixelOutput = true }),
        ("sub-pixel output ×4", new EdsrConfig(1, 12, 4) { SubPixelOutput = true }),
        ("sub-pixel output ×5, one channel", new EdsrConfig(1, 8, 5) { SubPixelOutput = true, Channels = 1, Range = PixelRange.Unit }),
        ("one channel", new EdsrConfig(1, 8, 2) { Channels = 1, Range = PixelRange.Unit }),
    ];

    [Theory]
    [MemberData(nameof(Configs))]
    public void A_saved_model_comes_back_as_it_was(string name, EdsrConfig config)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Path($"{name.Replace('/', ' ')} ü.safetensors");
        var model = Model(config, new() { ["psnr"] = "37.99", ["recipe"] = "L1, \"48×48\"", ["Blocks"] = "none of ours" });
        ModelFile.Save(model, path);
        var again = ModelFile.Load(path);
        Assert.Equal(config, again.Config);
        Assert.Equal(model.Metadata.OrderBy(m => m.Key), again.Metadata.OrderBy(m => m.Key));
        Assert.Equal(model.ParameterCount, again.ParameterCount);
        foreach (var (key, values) in model.Parameters)
            Assert.Equal(values, again.Parameters[key]);

        var info = ModelFile.Describe(path);
        Assert.Equal(config, info.Config);
        Assert.Equal(model.ParameterCount, info.ParameterCount);
        Assert.Equal("EDSR", info.Metadata["architecture"]);
    }

    [Theory]
    [MemberData(nameof(Configs))]
    public void A_model_saved_in_half_comes_back_rounded_and_keeps_its_range(string name, EdsrConfig config)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Path($"{name.Replace('/', ' ')}.safetensors"), again = folder.Path("again.safetensors");
        var model = Model(config);
        ModelFile.Save(model, path, half: true);
        var loaded = ModelFile.Load(path);
        Assert.Equal(config, loaded.Config);
        foreach (var (key, values) in model.Parameters)
            Assert.Equal(values.Select(v => (float)(Half)v), loaded.Parameters[key]);
        Assert.All(ModelFile.Describe(path).Tensors, t => Assert.Equal(model.Parameters.ContainsKey(t.Name) ? TensorType.Float16 : TensorType.Float32, t.Type));
        ModelFile.Save(loaded, again, half: true);
        Assert.Equal(File.ReadAllBytes(path), File.ReadAllBytes(again));
    }

    [Fact]
    public void A_parameter_that_16_bits_cannot_hold_is_refused_and_nothing_is_written()
    {
        using var folder = new TemporaryFolder();
        var model = Model(new EdsrConfig(1, 8, 2));
        model.Parameters["tail.1.bias"][0] = 65504;
        ModelFile.Save(model, folder.Path("a"), half: true);
        model.Parameters["tail.1.bias"][0] = -65520;
        Assert.Contains("tail.1.bias", Assert.Throws<EdsrException>(() => ModelFile.Save(model, folder.Path("b"), half: true)).Message);
        Assert.Equal(["a"], folder.Names);
    }

    [Fact]
    public void Without_metadata_and_mean_shift_the_convention_holds()
    {
        using var folder = new TemporaryFolder();
        Assert.Equal(new EdsrConfig(2, 8, 3), Load(Tensors(new EdsrConfig(2, 8, 3))).Config);
        var tutorial = Load(Tensors(new EdsrConfig(2, 8, 2) { TiedBlocks = true, GlobalSkip = false })).Config;
        Assert.True(tutorial.TiedBlocks && !tutorial.GlobalSkip);
        Assert.Equal(PixelRange.SignedUnit, tutorial.Range);

        EdsrModel Load(List<(string Name, int[] Shape, float[] Values)> tensors) => ModelFile.Load(Write(folder, tensors));
    }

    [Fact]
    public void Stored_mean_shifts_are_honoured()
    {
        using var folder = new TemporaryFolder();
        var tensors = Tensors(new EdsrConfig(1, 8, 2));
        tensors.AddRange(MeanShift.Tensors(new PixelRange(1, [-1, -2, -3], [4, 5, 6]), 3));
        Assert.Equal(new PixelRange(1, [-1, -2, -3], [4, 5, 6]), ModelFile.Load(Write(folder, tensors)).Config.Range);

        // Someone changed the mean of a file that describes itself: what is stored counts.
        Assert.Equal(new PixelRange(1, [-1, -2, -3], [4, 5, 6]), ModelFile.Load(Write(folder, tensors, new()
        {
            ["architecture"] = "EDSR",
            ["range_gain"] = "1",
            ["range_input_offset"] = "7",
            ["range_output_offset"] = "8",
        })).Config.Range);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Trained_mean_shifts_give_the_same_pictures_after_folding(bool subPixelOutput)
    {
        using var folder = new TemporaryFolder();
        float[] subWeight = [0.9f, 0.1f, -0.05f, 0.02f, 1.1f, 0.03f, 0, -0.04f, 0.95f], subBias = [-110, -100, -90];
        float[] addWeight = [1.05f, 0.01f, 0, 0.02f, 0.97f, -0.03f, 0.04f, 0, 1], addBias = [111, 101, 91];
        var tensors = Tensors(new EdsrConfig(1, 8, 2) { SubPixelOutput = subPixelOutput });
        tensors.AddRange([("sub_mean.weight", [3, 3, 1, 1], subWeight), ("sub_mean.bias", [3], subBias), ("add_mean.weight", [3, 3, 1, 1], addWeight), ("add_mean.bias", [3], addBias)]);
        var model = ModelFile.Load(Write(folder, tensors));

        // As EDSR-PyTorch computes it: shift, network, shift. The border is where a wrong folding would show.
        const int h = 4, w = 5;
        var pixels = TestNetworks.RandomInput(h * w * 3, 7).Select(v => 127.5 + 127.5 * v).ToArray();
        var graph = Edsr.Build(model.Config);
        var stored = tensors.ToDictionary(t => t.Name, t => t.Values);
        var expected = Shift(new ReferenceNetwork(graph, stored).Run(Shift(pixels, subWeight, subBias), 1, h, w)[graph.OutputValue.Name], addWeight, addBias);

        var range = model.Config.Range;
        var inside = pixels.Select((p, i) => p * range.Gain + range.InputOffset[i % 3]).ToArray();
        var actual = new ReferenceNetwork(graph, model.Parameters).Run(inside, 1, h, w)[graph.OutputValue.Name]
            .Select((v, i) => (float)((v + range.OutputOffset[i % 3]) / range.Gain)).ToArray();
        Assert.True(TestNetworks.RelativeError(actual, expected) < 1e-5);

        double[] Shift(double[] map, float[] weight, float[] bias) => [.. map.Select((_, i) =>
            bias[i % 3] + Enumerable.Range(0, 3).Sum(d => weight[i % 3 * 3 + d] * map[i / 3 * 3 + d]))];
    }

    [Fact]
    public void A_stream_is_disposed_whether_it_is_read_or_refused()
    {
        foreach (byte[] content in (byte[][])[StateDict.Of(Model(new EdsrConfig(1, 8, 2))).Safetensors(), [1, 2, 3], []])
        {
            var stream = new MemoryStream(content);
            Record.Exception(() => ModelFile.Describe(stream, "a stream"));
            Assert.False(stream.CanRead);
        }
    }

    [Fact]
    public void What_is_no_edsr_is_described_and_refused_with_a_reason()
    {
        using var folder = new TemporaryFolder();
        var config = new EdsrConfig(2, 8, 2);
        foreach (var (reason, change) in new (string, Action<List<(string Name, int[] Shape, float[] Values)>>)[]
        {
            ("head.0.weight is missing", t => t.RemoveAt(0)),
            ("head.0.weight is missing", t => t.Clear()),
            ("head.0.weight is [8, 27], and is", t => t[0] = t[0] with { Shape = [8, 27] }),
            ("head.0.bias is missing", t => t.RemoveAt(1)),
            ("body.1.body.2.weight is missing", t => t.RemoveAll(e => e.Name == "body.1.body.2.weight")),
            ("body.0.body.0.bias is [2, 4] and should be [8]", t => t[3] = t[3] with { Shape = [2, 4] }),
            ("tail.0.0.weight is missing", t => t.RemoveAll(e => e.Name.StartsWith("tail.0"))),
            ("enlarges 8 features neither 2 nor 3 times", t => t[^4] = t[^4] with { Shape = [16, 16, 3, 3] }),
            ("it also has attention.weight, which no EDSR has", t => t.Add(("attention.weight", [1], [1]))),
            ("add_mean.weight is missing", t => t.AddRange(MeanShift.Tensors(PixelRange.EdsrPyTorch, 3).Take(2))),
        })
        {
            var tensors = Tensors(config);
            change(tensors);
            string path = Write(folder, tensors);
            var info = ModelFile.Describe(path);
            Assert.Null(info.Config);
            Assert.Contains(reason, info.Problem);
            Assert.Equal(tensors.Sum(t => t.Values.Length), info.ParameterCount);
            Assert.StartsWith($"a safetensors file of {tensors.Count} tensors; not an EDSR: ", info.ToString());
            string message = Refused(path);
            Assert.Contains(reason, message);
            Assert.Contains("an EDSR has head.0", message);
        }
    }

    [Fact]
    public void Dead_weights_and_contradictions_are_refused()
    {
        using var folder = new TemporaryFolder();
        foreach (float dead in (float[])[float.NaN, float.PositiveInfinity])
        {
            var tensors = Tensors(new EdsrConfig(1, 8, 2));
            tensors[2].Values[5] = dead;
            Assert.Contains($"NaN or infinity in {tensors[2].Name}", Refused(Write(folder, tensors)));
        }
        foreach (var (key, value, reason) in new[]
        {
            ("scale", "4", "its metadata say scale 4, its tensors 2"),
            ("tied_blocks", "true", "its metadata say tied_blocks true, its tensors false"),
            ("residual_scale", "much", "residual_scale is 'much'"),
            ("residual_scale", "NaN", "residual_scale is 'NaN'"),
            ("range_gain", "0", "range_gain is '0'"),
            ("range_input_offset", "1,2", "range_input_offset is '1,2'"),
        })
            Assert.Contains(reason, Refused(Write(folder, Tensors(new EdsrConfig(1, 8, 2)), new() { ["architecture"] = "EDSR", [key] = value })));

        var singular = Tensors(new EdsrConfig(1, 8, 2));
        singular.AddRange(MeanShift.Tensors(PixelRange.EdsrPyTorch, 3));
        Array.Clear(singular.Single(t => t.Name == "sub_mean.weight").Values);
        Assert.Contains("sub_mean that cannot be undone", Refused(Write(folder, singular)));
    }

    [Fact]
    public void What_is_no_weight_file_is_refused_in_one_line()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("does not exist", Refused(folder.Path("nothing.pt")));
        Assert.Contains("is a folder", Refused(folder.FullName));
        Assert.Contains("is empty", Refused(folder.Write("empty.safetensors", [])));
        Assert.Contains("a picture", Refused(folder.Write("picture.safetensors", [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13])));
        Assert.Contains("no weight file", Refused(folder.Write("short.pt", [7])));
    }

    [Fact]
    public void A_link_is_followed_and_one_that_leads_nowhere_is_named()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path("blobs"));
        ModelFile.Save(Model(new EdsrConfig(1, 8, 2)), folder.Path("blobs/1f"));
        File.CreateSymbolicLink(folder.Path("model.safetensors"), "blobs/1f");
        File.CreateSymbolicLink(folder.Path("nowhere.safetensors"), "blobs/2f");
        Assert.NotNull(ModelFile.Describe(folder.Path("model.safetensors")).Config);
        Assert.Contains("2f, which is no file", Refused(folder.Path("nowhere.safetensors")));
    }

    [Fact]
    public void The_kind_of_file_is_seen_in_its_content()
    {
        using var folder = new TemporaryFolder();
        ModelFile.Save(Model(new EdsrConfig(1, 8, 2)), folder.Path("model.safetensors"));
        File.Move(folder.Path("model.safetensors"), folder.Path("model.pt"));
        Assert.Equal("safetensors", ModelFile.Describe(folder.Path("model.pt")).Container);
    }

    [Fact]
    public void A_loaded_network_computes_what_the_saved_one_did()
    {
        using var folder = new TemporaryFolder();
        var model = Model(new EdsrConfig(2, 16, 4));
        ModelFile.Save(model, folder.Path("a.safetensors"));
        var x = TestNetworks.RandomInput(6 * 7 * 3, 3);
        Assert.Equal(Run(model), Run(ModelFile.Load(folder.Path("a.safetensors"))));

        float[] Run(EdsrModel m)
        {
            using var device = new HostComputeDevice(1);
            using var network = new Network(Edsr.Build(m.Config), m.Parameters, device);
            return ExecutorTests.Run(network, x, 6, 7, MemoryMode.Whole);
        }
    }

    private static EdsrModel Model(EdsrConfig config, Dictionary<string, string>? metadata = null) =>
        new(config, TestNetworks.RandomParameters(Edsr.Build(config), 11), metadata);

    private static List<(string Name, int[] Shape, float[] Values)> Tensors(EdsrConfig config)
    {
        var parameters = TestNetworks.RandomParameters(Edsr.Build(config), 12);
        return [.. EdsrLayout.Parameters(config).Select(p => (p.Name, p.Shape, parameters[p.Name]))];
    }

    private static string Write(TemporaryFolder folder, List<(string Name, int[] Shape, float[] Values)> tensors, Dictionary<string, string>? metadata = null)
    {
        string path = folder.Path("written.safetensors");
        using var stream = File.Create(path);
        SafetensorsWriter.Write(stream, tensors, metadata ?? []);
        return path;
    }

    private static string Refused(string path)
    {
        string message = Assert.Throws<EdsrException>(() => ModelFile.Load(path)).Message;
        Assert.StartsWith(path, message);
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
