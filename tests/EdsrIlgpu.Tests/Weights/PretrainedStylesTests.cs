using System.IO.Compression;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Metrics;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Resampling;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Weights;

/// <summary>
/// A real pretrained EDSR written as other projects would have saved it: every style and container gives the network back, and where
/// the file does not say the range or the residual scale, trying finds it.
/// </summary>
public class PretrainedStylesTests
{
    private static readonly Lazy<EdsrModel> Real = new(() => ModelFile.Load(TestData.Path("weights", "edsr8_x2", "edsr8_x2.pt")));

    [Fact]
    public void Every_style_and_container_gives_the_same_network()
    {
        var model = Real.Value;
        var own = StateDict.Of(model).WithMeanShifts(model.Config.Range);
        var basicSr = StateDict.Of(model).Renamed(BasicSr);
        foreach (var (name, file) in new (string, byte[])[]
        {
            ("EDSR-PyTorch, zip", own.PyTorchZip("edsr8")),
            ("EDSR-PyTorch, legacy", own.PyTorchLegacy()),
            ("EDSR-PyTorch, DataParallel", own.Renamed(n => $"module.{n}").PyTorchZip()),
            ("EDSR-PyTorch, zipped again", own.PyTorchZip(level: CompressionLevel.Fastest)),
            ("EDSR-PyTorch, big-endian zip", own.PyTorchZip(byteOrder: "big")),
            ("EDSR-PyTorch, big-endian legacy", own.PyTorchLegacy(bigEndian: true)),
            ("EDSR-PyTorch, 64-bit", own.As(TensorType.Float64).PyTorchZip()),
            ("EDSR-PyTorch, safetensors", own.Safetensors()),
            ("torchSR", own.In("state_dict").PyTorchZip()),
            ("BasicSR", basicSr.In("params").And(basicSr.In("params_ema")).PyTorchZip()),
            ("BasicSR, legacy", basicSr.In("params_ema").PyTorchLegacy()),
            ("Paddle, protocol 2", basicSr.Paddle(2)),
            ("Paddle, protocol 4", own.Paddle()),
        })
        {
            var read = ModelFile.Load(new MemoryStream(file), name);
            // BasicSR's files have no mean; its own is the same, computed in doubles.
            Assert.Equal(name.StartsWith("BasicSR") || name.EndsWith("protocol 2") ? model.Config with { Range = PixelRange.EdsrPyTorch } : model.Config, read.Config);
            Assert.All(model.Parameters, p => Assert.True(p.Value.AsSpan().SequenceEqual(read.Parameters[p.Key]), name));
        }
    }

    [Fact]
    public void Ranges_that_no_file_says_are_found_and_give_the_same_psnr()
    {
        double expected = Psnr(Real.Value);
        foreach (var (name, dict, range, tolerance) in new (string, StateDict, PixelRange, double)[]
        {
            // Biases through 255: the same network in [0, 1].
            ("MMagic", Scaled(Real.Value, 1 / 255f).Renamed(MMagic), PixelRange.UnitMean, 0.001),
            ("BasicSR with an img_range of 1", Scaled(Real.Value, 1 / 255f).Renamed(BasicSr).In("params"), PixelRange.UnitMean, 0.001),
            ("EDSR-PyTorch with an rgb_range of 1", Scaled(Real.Value, 1 / 255f).WithMeanShifts(PixelRange.UnitMean), PixelRange.UnitMean, 0.001),
            ("mean shifts of 255 that do not fit", Scaled(Real.Value, 1 / 255f).WithMeanShifts(PixelRange.EdsrPyTorch), PixelRange.UnitMean, 0.001),
            // The mean in the biases: super-image's, whose mean shifts are in the file and not applied. At the picture's border zeros
            // are then black and not the mean.
            ("super-image", Folded(Real.Value, 1 / 255f).WithMeanShifts(PixelRange.EdsrPyTorch), PixelRange.Unit, 0.5),
            ("without a mean", Folded(Real.Value, 1), PixelRange.Byte, 0.5),
        })
        {
            byte[] file = dict.PyTorchZip();
            var info = ModelFile.Describe(new MemoryStream(file), name);
            Assert.True(info.TrialGain > 3, name);
            var read = ModelFile.Load(new MemoryStream(file), name);
            Assert.Equal((range.Gain, range.InputOffset[0]), (read.Config.Range.Gain, read.Config.Range.InputOffset[0]));
            Assert.Equal(expected, Psnr(read), tolerance);
            // Said by hand it is the same network.
            var said = ModelFile.Load(new MemoryStream(file), name, new() { Range = range, ResidualScale = 1 });
            Assert.All(said.Parameters, p => Assert.Equal(p.Value, read.Parameters[p.Key]));
        }
    }

    [Fact]
    public void A_residual_scale_that_no_file_says_is_found()
    {
        // Ten times the branch, a tenth of it added.
        var scaled = new StateDict(StateDict.Of(Real.Value).Tensors.Select(t => (t.Name, t.Shape, t.Name.Contains(".body.2.") ? Array.ConvertAll(t.Values, v => v * 10) : t.Values)));
        byte[] file = scaled.WithMeanShifts(Real.Value.Config.Range).PyTorchLegacy();
        var info = ModelFile.Describe(new MemoryStream(file), "scaled");
        Assert.Equal((0.1f, Provenance.Trial), (info.Config!.ResidualScale, info.ResidualScaleFrom));
        Assert.Equal(Psnr(Real.Value), Psnr(ModelFile.Load(new MemoryStream(file), "scaled")), 0.001);
        Assert.Equal(1, ModelFile.Load(new MemoryStream(file), "scaled", new() { ResidualScale = 1 }).Config.ResidualScale);
    }

    [Fact]
    public void Sixteen_bits_are_read_whichever_they_are()
    {
        var own = StateDict.Of(Real.Value).WithMeanShifts(PixelRange.EdsrPyTorch);
        Assert.Equal(Psnr(Real.Value), Psnr(ModelFile.Load(new MemoryStream(own.As(TensorType.Float16).PyTorchZip()), "half")), 0.01);
        Assert.Equal(Psnr(Real.Value), Psnr(ModelFile.Load(new MemoryStream(own.As(TensorType.BFloat16).PyTorchLegacy()), "bfloat")), 0.5);
    }

    /// <summary>Y-PSNR of a part of Set5's img_003.</summary>
    private static double Psnr(EdsrModel model)
    {
        var (lr, hr) = BenchmarkPairs.SelfExSr("Set5", 2).Select(pair => (pair.Lr, pair.Hr)).ElementAt(2);
        using var upscaler = new Upscaler(model);
        return QualityMeter.Compare(upscaler.Upscale(PictureFile.Load(lr).Crop(20, 30, 64, 48)), PictureFile.Load(hr).Crop(40, 60, 128, 96), 2, Protocol.Y).Psnr;
    }

    private static StateDict Scaled(EdsrModel model, float factor) =>
        new(StateDict.Of(model).Tensors.Select(t => (t.Name, t.Shape, t.Shape.Length == 1 ? Array.ConvertAll(t.Values, v => v * factor) : t.Values)));

    /// <summary>The same network without means, but at the border, and its biases times a factor.</summary>
    private static StateDict Folded(EdsrModel model, float factor)
    {
        var (range, filter) = (model.Config.Range, model.Parameters["head.0.weight"]);
        return new(StateDict.Of(model).Tensors.Select(t => (t.Name, t.Shape, t.Shape.Length > 1 ? t.Values : [.. t.Values.Select((bias, k) => factor * (bias + t.Name switch
        {
            "head.0.bias" => Enumerable.Range(0, 27).Sum(i => filter[27 * k + i] * range.InputOffset[i / 9]),
            "tail.1.bias" => range.OutputOffset[k],
            _ => 0,
        }))])));
    }

    private static string BasicSr(string name) => name
        .Replace(".body.0.", ".conv1.").Replace(".body.2.", ".conv2.").Replace("body.8.", "conv_after_body.")
        .Replace("head.0.", "conv_first.").Replace("tail.0.0.", "upsample.0.").Replace("tail.1.", "conv_last.");

    private static string MMagic(string name) => "generator." + BasicSr(name).Replace("upsample.0.", "upsample.0.upsample_conv.");
}
