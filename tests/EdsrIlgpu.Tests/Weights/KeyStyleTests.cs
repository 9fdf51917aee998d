using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Graph;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>The names that projects give an EDSR's tensors, the wrappers around them, and what is known by them.</summary>
public class KeyStyleTests
{
    private static readonly EdsrConfig Fourfold = new(2, 8, 4), Tutorial = new(2, 8, 2) { TiedBlocks = true, GlobalSkip = false, ResidualScale = 0.1f, Range = PixelRange.SignedUnit };

    private static readonly string[] BasicSr =
        ["conv_first", "body.0.conv1", "body.0.conv2", "body.1.conv1", "body.1.conv2", "conv_after_body", "upsample.0", "upsample.2", "conv_last"];

    private static readonly string[] TutorialNames = ["conv1", "body.0.res_conv", "body.1.res_conv", "conv_up", "conv_out"];

    public static TheoryData<string, EdsrConfig, string[]> Styles =>
    [
        ("EDSR-PyTorch", Fourfold, ["head.0", "body.0.body.0", "body.0.body.2", "body.1.body.0", "body.1.body.2", "body.2", "tail.0.0", "tail.0.2", "tail.1"]),
        ("BasicSR", Fourfold, BasicSr),
        ("BasicSR", new EdsrConfig(1, 8, 3), ["conv_first", "body.0.conv1", "body.0.conv2", "conv_after_body", "upsample.0", "conv_last"]),
        ("MMagic", Fourfold with { Range = PixelRange.UnitMean }, ["conv_first", "body.0.conv1", "body.0.conv2", "body.1.conv1", "body.1.conv2", "conv_after_body", "upsample.0.upsample_conv", "upsample.1.upsample_conv", "conv_last"]),
        ("the tutorial", Tutorial, TutorialNames),
    ];

    [Theory]
    [MemberData(nameof(Styles))]
    public void Every_project_s_names_are_known_in_every_container(string style, EdsrConfig config, string[] names)
    {
        var model = Model(config);
        var named = Named(model, names);
        foreach (byte[] file in (byte[][])[named.Safetensors(), named.PyTorchZip(), named.PyTorchLegacy(), named.Paddle(2), named.Paddle(4, pairs: true), named.As(TensorType.Float64).PyTorchZip()])
        {
            var info = Describe(file);
            Assert.Contains(style, info.KeyStyle);
            Assert.Equal("", info.Wrapper);
            AssertEqual(model, Load(file));
        }
    }

    [Theory]
    [InlineData("module")]
    [InlineData("state_dict")]
    [InlineData("params_ema")]
    [InlineData("model", "module")]
    [InlineData("state_dict", "generator")]
    [InlineData("checkpoint", "net_g", "_orig_mod")]
    public void Any_wrapper_is_seen_through_whether_dictionary_or_prefix(params string[] wrappers)
    {
        var model = Model(Fourfold);
        var optimizer = new StateDict([("exp_avg", [8, 3, 3, 3], new float[216]), ("step", [], [3])]).In("optimizer", "state");
        string prefix = string.Join('.', wrappers);
        foreach (byte[] file in (byte[][])
            [
                StateDict.Of(model).In(wrappers).And(optimizer).PyTorchZip(),
                StateDict.Of(model).In(wrappers).And(optimizer).PyTorchLegacy(),
                StateDict.Of(model).Renamed(name => $"{prefix}.{name}").And(optimizer).PyTorchZip(),
                StateDict.Of(model).Renamed(name => $"{prefix}.{name}").Safetensors(),
            ])
        {
            AssertEqual(model, Load(file));
            Assert.Equal(prefix, Describe(file).Wrapper);
        }
    }

    [Fact]
    public void The_running_average_is_preferred()
    {
        EdsrModel last = Model(Fourfold, 1), average = Model(Fourfold, 2);
        byte[] file = Named(last, BasicSr).In("params").And(Named(average, BasicSr).In("params_ema")).PyTorchZip();
        AssertEqual(average, Load(file));
        Assert.Equal("params_ema", Describe(file).Wrapper);
        AssertEqual(average, Load(StateDict.Of(average).In("model_ema").And(StateDict.Of(last).In("model")).PyTorchLegacy()));
    }

    [Fact]
    public void Several_networks_are_refused_by_their_names()
    {
        string message = Assert.Throws<EdsrException>(() => Load(StateDict.Of(Model(Fourfold, 1)).In("teacher").And(StateDict.Of(Model(Fourfold, 2)).In("student")).PyTorchZip())).Message;
        Assert.Contains("several EDSRs (teacher, student)", message);
    }

    [Fact]
    public void Something_else_in_the_same_place_is_not_passed_over()
    {
        var tensors = StateDict.Of(Model(Fourfold));
        string Problem(StateDict dict) => Describe(dict.Safetensors()).Problem!;
        Assert.Contains("it also has attention.weight, which no EDSR has", Problem(new([.. tensors.Tensors, ("attention.weight", [1], [1])])));
        Assert.Contains("it also has net.attention.weight", Problem(new StateDict([.. tensors.Tensors, ("attention.weight", [1], [1])]).Renamed(n => $"net.{n}")));
        // The file's own names stand in the messages.
        Assert.Contains("g.conv_last.bias is missing", Problem(Named(Model(Fourfold), BasicSr, "g.").Without("g.conv_last.bias")));
        Assert.Contains("conv_up.weight is missing", Problem(Named(Model(Tutorial), TutorialNames).Without("conv_up.weight")));
    }

    [Fact]
    public void The_tutorial_s_residual_scale_is_known_and_so_is_the_full_network_s()
    {
        Assert.Equal(0.1f, Load(Named(Model(Tutorial), TutorialNames).Paddle()).Config.ResidualScale);
        var full = Describe(StateDict.Of(Model(new EdsrConfig(1, 256, 2))).Safetensors());
        Assert.Equal((0.1f, Provenance.Convention), (full.Config!.ResidualScale, full.ResidualScaleFrom));
    }

    [Fact]
    public void A_mean_in_0_to_1_makes_the_network_one_of_that_range()
    {
        var model = Model(Fourfold with { Range = PixelRange.UnitMean });
        var loaded = Load(StateDict.Of(model).WithMeanShifts(PixelRange.UnitMean).PyTorchZip());
        Assert.Equal(PixelRange.UnitMean, loaded.Config.Range);
        Assert.Equal(PixelRange.EdsrPyTorch, Load(StateDict.Of(model).WithMeanShifts(PixelRange.EdsrPyTorch).PyTorchZip()).Config.Range);
    }

    [Fact]
    public void What_is_given_counts_and_mean_shifts_are_then_passed_over()
    {
        var model = Model(Fourfold);
        var mixed = StateDict.Of(model).WithMeanShifts(PixelRange.EdsrPyTorch);
        mixed.Tensors[0].Values[0] = 0.5f;
        var options = new ModelFileOptions { Range = PixelRange.Unit, ResidualScale = 0.25f };
        var loaded = ModelFile.Load(new MemoryStream(mixed.PyTorchZip()), "given", options);
        Assert.Equal(Fourfold with { Range = PixelRange.Unit, ResidualScale = 0.25f }, loaded.Config);
        AssertEqual(new EdsrModel(loaded.Config, model.Parameters), loaded);
        var info = ModelFile.Describe(new MemoryStream(mixed.PyTorchZip()), "given", options);
        Assert.Equal((Provenance.Caller, Provenance.Caller, null), (info.RangeFrom, info.ResidualScaleFrom, info.TrialGain));

        var grey = StateDict.Of(Model(new EdsrConfig(1, 8, 2) { Channels = 1, Range = PixelRange.Byte })).Safetensors();
        Assert.Equal(PixelRange.Unit, ModelFile.Load(new MemoryStream(grey), "grey", options).Config.Range);
        Assert.Contains("a network of 1 channel", Assert.Throws<EdsrException>(() => ModelFile.Load(new MemoryStream(grey), "grey", new() { Range = PixelRange.EdsrPyTorch })).Message);
    }

    [Fact]
    public void A_file_that_describes_itself_is_not_tried()
    {
        using var folder = new TemporaryFolder();
        ModelFile.Save(Model(Fourfold), folder.Path("a.safetensors"));
        var info = ModelFile.Describe(folder.Path("a.safetensors"));
        Assert.Equal((Provenance.Metadata, Provenance.Metadata, null), (info.RangeFrom, info.ResidualScaleFrom, info.TrialGain));
        // A network that was never trained is worse than bicubic with whatever is tried, and keeps what is usual.
        Assert.True(Describe(StateDict.Of(Model(Fourfold)).Safetensors()).TrialGain < 0);
    }

    private static EdsrModel Model(EdsrConfig config, int seed = 3) => new(config, TestNetworks.RandomParameters(Edsr.Build(config), seed));

    /// <summary>A model's tensors with other names, given in the order of the network.</summary>
    private static StateDict Named(EdsrModel model, string[] names, string prefix = "")
    {
        string[] own = [.. Edsr.Build(model.Config).Parameters.Select(p => p.Name)];
        Assert.Equal(own.Length, names.Length);
        var map = own.Zip(names).ToDictionary(pair => pair.First, pair => pair.Second);
        return StateDict.Of(model).Renamed(name => prefix + map[name[..name.LastIndexOf('.')]] + name[name.LastIndexOf('.')..]);
    }

    private static EdsrModel Load(byte[] file) => ModelFile.Load(new MemoryStream(file), "test");

    private static ModelFileInfo Describe(byte[] file) => ModelFile.Describe(new MemoryStream(file), "test");

    private static void AssertEqual(EdsrModel expected, EdsrModel actual)
    {
        Assert.Equal(expected.Config, actual.Config);
        foreach (var (name, values) in expected.Parameters)
            Assert.Equal(values, actual.Parameters[name]);
    }
}
