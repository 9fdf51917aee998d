using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Import;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Graph;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Import;

/// <summary>TensorFlow's frozen graphs: that the model computes what the graph does, and that nothing else is taken for one.</summary>
public class FrozenGraphTests
{
    private const int H = 5, W = 4;

    private static readonly float[] Picture = [.. TestNetworks.RandomInput(H * W * 3, 9).Select(v => 127.5f + 127.5f * v)];

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void The_model_computes_on_RGB_what_the_graph_does_on_BGR(int scale)
    {
        using var folder = new TemporaryFolder();
        var network = new EdsrTensorflow(blocks: 3, features: 6, scale);
        string path = folder.Write("EDSR.pb", network.GraphDef());
        var model = ModelImport.Load(path);
        float[] mean = [114.35629928f, 111.561547f, 103.1545782f];
        Assert.Equal(new EdsrConfig(3, 6, scale) { ResidualScale = 0.1f, SubPixelOutput = true, Range = new PixelRange(1, [.. mean.Select(m => -m)], mean) }, model.Config);
        AssertComputes(network, model);

        var info = ModelImport.Describe(path);
        Assert.Equal(model.Config, info.Config);
        Assert.Equal((Provenance.Metadata, Provenance.Metadata), (info.RangeFrom, info.ResidualScaleFrom));
        Assert.Empty(info.Metadata);
        Assert.StartsWith($"a TensorFlow graph file of 18 tensors; EDSR ×{scale}, 3 blocks of 6 features, residual scale 0.1, ", info.ToString());

        ModelFile.Save(model, folder.Path("saved.safetensors"));
        var again = ModelFile.Load(folder.Path("saved.safetensors"));
        Assert.Equal(model.Config, again.Config);
        Assert.All(model.Parameters, p => Assert.Equal(p.Value, again.Parameters[p.Key]));
    }

    [Theory]
    [InlineData("MIN_FIRST")]
    [InlineData("MIN_COMBINED")]
    [InlineData(null)]
    public void Filters_of_8_bits_are_what_Dequantize_makes_of_them(string? mode)
    {
        using var folder = new TemporaryFolder();
        var network = new EdsrTensorflow(blocks: 2, features: 8, scale: 2)
        {
            StoreFilter = (name, values, shape) =>
            {
                var (levels, min, max) = Quantised.Round(values, mode);
                return Quantised.Nodes(name, levels, min, max, shape, mode);
            },
        };
        string path = folder.Write("EDSR.pb", network.GraphDef());
        Assert.Equal("quantised TensorFlow graph", ModelImport.Describe(path).Container);
        AssertComputes(network, ModelImport.Load(path));
    }

    [Fact]
    public void Tensors_are_read_in_every_form_that_TensorFlow_writes()
    {
        using var folder = new TemporaryFolder();
        var network = new EdsrTensorflow(blocks: 1, features: 4, scale: 2)
        {
            StoreFilter = (name, values, shape) => [TensorFlowNode.Const(name, TensorFlowNode.Float, values.Aggregate(TensorFlowNode.Tensor(TensorFlowNode.Float, shape), (t, v) => t.Float(5, v)))],
            StoreBias = (name, values) =>
            {
                var tensor = TensorFlowNode.Tensor(TensorFlowNode.Float, values.Length);
                switch (name)
                {
                    case "BiasOne": // none: zeros
                        Array.Clear(values);
                        break;
                    case "BiasTwo": // one for all
                        Array.Fill(values, 0.25f);
                        tensor.Float(5, 0.25f);
                        break;
                    case "BiasThree": // the last one repeated
                        Array.Fill(values, values[2], 2, values.Length - 2);
                        tensor.Bytes(5, [.. values.Take(3).SelectMany(BitConverter.GetBytes)]);
                        break;
                    default:
                        tensor.Bytes(5, [.. values.SelectMany(BitConverter.GetBytes)]);
                        break;
                }
                return TensorFlowNode.Const(name, TensorFlowNode.Float, tensor);
            },
        };
        AssertComputes(network, ModelImport.Load(folder.Write("EDSR.pb", network.GraphDef())));
    }

    [Fact]
    public void The_residual_scale_and_a_scope_are_read_from_the_graph()
    {
        using var folder = new TemporaryFolder();
        var network = new EdsrTensorflow(blocks: 2, features: 4, scale: 3) { ResidualScale = 0.25f, Scope = "EDSR/" };
        var model = ModelImport.Load(folder.Write("EDSR.pb", network.GraphDef()));
        Assert.Equal(0.25f, model.Config.ResidualScale);
        AssertComputes(network, model);
    }

    [Fact]
    public void Pixels_come_out_as_the_graph_makes_them()
    {
        using var folder = new TemporaryFolder();
        var network = new EdsrTensorflow(blocks: 1, features: 4, scale: 4);
        byte[] pixels = [.. Picture.Select(v => (byte)v)];
        using var device = new HostComputeDevice(1);
        using var upscaler = new Upscaler(ModelImport.Load(folder.Write("EDSR.pb", network.GraphDef())), device);
        var result = upscaler.Upscale(new Picture(W, H, 3, pixels));
        byte[] expected = [.. network.Upscale([.. pixels.Select(v => (float)v)], H, W).Select(v => (byte)Math.Clamp(Math.Round(v), 0, 255))];
        Assert.Equal(expected.Length, result.Pixels.Length);
        for (int i = 0; i < expected.Length; i++)
            Assert.InRange(result.Pixels[i], expected[i] - 1, expected[i] + 1);
    }


    private static void AssertComputes(EdsrTensorflow network, EdsrModel model)
    {
        using var device = new HostComputeDevice(1);
        using var compiled = new Network(Edsr.Build(model.Config), model.Parameters, device);
        var range = model.Config.Range;
        var expected = network.Upscale(Picture, H, W);
        foreach (var mode in (MemoryMode[])[MemoryMode.Whole, MemoryMode.Bands(2)])
        {
            var y = ExecutorTests.Run(compiled, [.. Picture.Select((v, i) => v + range.InputOffset[i % 3])], H, W, mode);
            double error = TestNetworks.RelativeError([.. y.Select((v, i) => v + range.OutputOffset[i % 3])], expected);
            Assert.True(error < 1e-5, $"{mode}: {error:E2}");
        }
    }
}
