using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Graph;
using EdsrIlgpu.Tests.Weights;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Fuzzing;

/// <summary>The readers of weight files against mutants of small sound ones.</summary>
public class WeightFileFuzzTests
{
    // What is given is not tried, which takes most of a small network's time.
    private static readonly ModelFileOptions Options = new() { Range = PixelRange.Unit, ResidualScale = 1 };

    private static readonly EdsrModel Model = Small(new EdsrConfig(1, 2, 2));

    private static readonly StateDict Tensors = StateDict.Of(Model);

    [Fact]
    public void Safetensors() => Run("safetensors", Tensors.Safetensors(new() { ["architecture"] = "EDSR", ["residual_scale"] = "0.5" }), Tensors.WithMeanShifts(PixelRange.EdsrPyTorch).Safetensors());

    [Fact]
    public void PyTorch_zip() => Run("pytorch-zip", Tensors.PyTorchZip(), Tensors.As(TensorType.Float16).Renamed(n => $"module.{n}").In("state_dict").And(Tensors.In("params_ema")).PyTorchZip("root"),
        Tensors.PyTorchZip(level: System.IO.Compression.CompressionLevel.Optimal));

    [Fact]
    public void PyTorch_legacy() => Run("pytorch-legacy", Tensors.PyTorchLegacy(), Tensors.As(TensorType.Float64).In("params").PyTorchLegacy(bigEndian: true));

    [Fact]
    public void Paddle_pickle() => Run("paddle-pickle", Tensors.Paddle(), Tensors.Paddle(2, pairs: true));

    /// <summary>The pickle in a sound zip around it.</summary>
    [Fact]
    public void Pickle() => Run("pickle", file => PickleBuilder.Zip(file, storages: [("0", new byte[64])]),
        [SmallPickle, Tensors.Paddle(2), .. ((int[])[2, 3, 4, 5]).Select(p => File.ReadAllBytes(TestData.Committed("Weights", "Samples", $"numpy-protocol{p}.pdparams")))]);

    /// <summary>The header with its length before it and sound data behind it.</summary>
    [Fact]
    public void Safetensors_header() => Run("safetensors-header", file => [.. BitConverter.GetBytes(file.LongLength), .. file, .. new byte[64]],
        """{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b":{"dtype":"F16","shape":[4],"data_offsets":[24,32]},"c":{"dtype":"I64","shape":[4],"data_offsets":[32,64]},"__metadata__":{"architecture":"EDSR","scale":"2"}}"""u8.ToArray());

    private static byte[] SmallPickle => PickleBuilder.Start().OrderedDict()
        .Item("head.0.weight", p => p.Tensor(s => s.Storage("0", 16), 0, [2, 3], [3, 1]))
        .Item("optimizer", p => p.Op('}').Item("state", q => q.Op(']').Tensor(s => s.Storage("0", 16), 8, [2], [1]).Op('a'))).Stop();

    private static void Run(string parser, params byte[][] seeds) => Run(parser, file => file, seeds);

    private static void Run(string parser, Func<byte[], byte[]> complete, params byte[][] seeds) => Fuzzer.Run(parser, seeds, file =>
    {
        // What holds no EDSR is described and not loaded.
        if (ModelFile.Describe(new MemoryStream(complete(file)), "mutant", Options).Config is not null)
            ModelFile.Load(new MemoryStream(complete(file)), "mutant", Options);
    });

    private static EdsrModel Small(EdsrConfig config) => new(config, TestNetworks.RandomParameters(Edsr.Build(config), 5));
}
