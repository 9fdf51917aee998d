using EdsrIlgpu.Import;
using EdsrIlgpu.Models;
using EdsrIlgpu.Tests.Graph;
using EdsrIlgpu.Training;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Import;

/// <summary>What Paddle's jit.save writes: the right weight in every place, with the program and without, or a line that says why not.</summary>
public class PaddleTests
{
    private static readonly EdsrConfig Tutorial = new(12, 4, 2) { ResidualScale = 0.1f, TiedBlocks = true, GlobalSkip = false, Range = PixelRange.SignedUnit };

    /// <summary>The order in which the tutorial builds its layers.</summary>
    private static IEnumerable<string> TutorialOrder(EdsrConfig config) => ["head.0", "tail.0.0", "tail.1", .. Enumerable.Range(0, config.Blocks).Select(i => $"body.{i}.body.0")];

    private static IEnumerable<string> EdsrPyTorchOrder(EdsrConfig config) => Edsr.Build(config).Parameters.Select(p => p.Name);

    // From 0: conv2d_10 before conv2d_2. From 7 and 95: a power of ten among them. From 100: in order.
    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(95)]
    [InlineData(98)]
    [InlineData(100)]
    [InlineData(99_990)]
    public void The_tutorials_weights_come_to_their_places_without_a_program(int first)
    {
        using var folder = new TemporaryFolder();
        var model = InitialWeights.Draw(Tutorial, 1);
        var files = new PaddleFiles();
        files.Weights(model, TutorialOrder(Tutorial), first);
        string path = folder.Write("model.pdiparams", files.Parameters());
        AssertEqual(model, ModelImport.Load(path));
        Assert.Equal("a Paddle parameters file of 30 tensors; EDSR ×2, 12 tied blocks of 4 features, residual scale 0.1, 2,591 parameters", ModelImport.Describe(path).ToString());
    }

    [Fact]
    public void Tutorial_weights_compute_what_the_tutorial_does()
    {
        // Plain loops over [C, H, W], from the weights as Paddle's names have them; PyTorch's and Paddle's PixelShuffle are the same.
        using var folder = new TemporaryFolder();
        const int h = 3, w = 5;
        var random = new Random(2);
        var files = new PaddleFiles();
        var weights = new List<(int K, float[] Filter, float[] Bias)>();
        foreach (var (k, c) in (ReadOnlySpan<(int, int)>)[(4, 3), (16, 4), (3, 4), .. Enumerable.Repeat((4, 4), 12)])
        {
            weights.Add((k, Random(k * c * 9), Random(k)));
            files.Convolution(weights.Count - 1, k, c, weights[^1].Filter, weights[^1].Bias);
        }
        double[] x = [.. Random(3 * h * w)], y = Convolve(x, 0, h, w);
        for (int block = 3; block < 15; block++)
            y = [.. Convolve([.. Convolve(y, block, h, w).Select(v => Math.Max(0, v))], block, h, w).Zip(y, (branch, skip) => 0.1 * branch + skip)];
        y = Convolve(y, 1, h, w);
        var shuffled = new double[y.Length];
        for (int i = 0; i < y.Length; i++)
        {
            int channel = i / (h * w), row = i / w % h, column = i % w;
            shuffled[(channel / 4 * 2 * h + row * 2 + channel % 4 / 2) * 2 * w + column * 2 + channel % 2] = y[i];
        }
        double[] expected = Convolve(shuffled, 2, 2 * h, 2 * w);

        var model = ModelImport.Load(folder.Write("net.pdiparams", files.Parameters()));
        var graph = Edsr.Build(model.Config);
        double[] actual = new ReferenceNetwork(graph, model.Parameters).Run([.. Enumerable.Range(0, x.Length).Select(i => x[i % 3 * h * w + i / 3])], 1, h, w)[graph.OutputValue.Name];
        for (int i = 0; i < actual.Length; i++)
            Assert.Equal(expected[i % 3 * 4 * h * w + i / 3], actual[i], 1e-5);

        double[] Convolve(double[] map, int layer, int rows, int columns)
        {
            var (k, filter, bias) = weights[layer];
            int c = filter.Length / 9 / k;
            var sums = new double[k * rows * columns];
            for (int i = 0; i < sums.Length; i++)
            {
                int to = i / columns / rows, y0 = i / columns % rows - 1, x0 = i % columns - 1;
                sums[i] = bias[to];
                for (int tap = 0; tap < 9; tap++)
                    for (int from = 0; from < c; from++)
                        if (y0 + tap / 3 >= 0 && y0 + tap / 3 < rows && x0 + tap % 3 >= 0 && x0 + tap % 3 < columns)
                            sums[i] += map[(from * rows + y0 + tap / 3) * columns + x0 + tap % 3] * (double)filter[(to * c + from) * 9 + tap];
            }
            return sums;
        }

        float[] Random(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
    }

    public static TheoryData<string, EdsrConfig> Networks =>
    [
        ("tutorial", Tutorial),
        ("EDSR-PyTorch ×4", new EdsrConfig(6, 4, 4) { Range = PixelRange.EdsrPyTorch }),
        ("×3, own residual scale", new EdsrConfig(2, 8, 3) { ResidualScale = 0.3f }),
        ("untied, no skip", new EdsrConfig(3, 4, 2) { GlobalSkip = false }),
        ("tied, skip", new EdsrConfig(3, 4, 2) { TiedBlocks = true }),
        ("sub-pixel output", new EdsrConfig(2, 4, 4) { SubPixelOutput = true }),
        ("no blocks", new EdsrConfig(0, 4, 2)),
    ];

    [Theory]
    [MemberData(nameof(Networks))]
    public void With_its_program_a_network_is_what_it_computes_whatever_its_names(string name, EdsrConfig config)
    {
        using var folder = new TemporaryFolder();
        var model = InitialWeights.Draw(config, 3);
        var files = new PaddleFiles();
        // Built backwards, which no order of names would tell.
        var names = files.Weights(model, EdsrPyTorchOrder(config).Reverse(), 5);
        string y = files.Compute(config, names);
        string parameters = folder.Write("net.pdiparams", files.Parameters()), program = folder.Write("net.pdmodel", files.Program(y));
        AssertEqual(model, ModelImport.Load(parameters));
        AssertEqual(model, ModelImport.Load(program));
        Assert.True(model.Config == ModelImport.Describe(program).Config, name);
    }

    [Fact]
    public void Mean_shifts_in_the_program_are_the_range()
    {
        using var folder = new TemporaryFolder();
        var config = new EdsrConfig(2, 4, 2) { Range = new PixelRange(1, [-1, -2, -3], [4, 5, 6]) };
        var model = InitialWeights.Draw(config, 3);
        float[] identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        foreach (bool withProgram in (bool[])[true, false])
        {
            var files = new PaddleFiles();
            files.Convolution(0, 3, 3, identity, config.Range.InputOffset, size: 1);
            files.Convolution(1, 3, 3, identity, config.Range.OutputOffset, size: 1);
            var names = files.Weights(model, EdsrPyTorchOrder(config), 2);
            string path = folder.Write("net.pdiparams", files.Parameters());
            if (withProgram)
                folder.Write("net.pdmodel", Program(files, names));
            else
                File.Delete(folder.Path("net.pdmodel"));
            AssertEqual(model, ModelImport.Load(path));
        }

        byte[] Program(PaddleFiles files, Dictionary<string, string> names)
        {
            string head = files.Conv(files.Conv("x", "conv2d_0", padding: 0), names["head.0"]), x = head;
            for (int i = 0; i < 2; i++)
                x = files.Add(x, files.Conv(files.Relu(files.Conv(x, names[$"body.{i}.body.0"])), names[$"body.{i}.body.2"]));
            x = files.Shuffle(files.Conv(files.Add(files.Conv(x, names["body.2"]), head), names["tail.0.0"]), 2);
            return files.Program(files.Conv(files.Conv(x, names["tail.1"]), "conv2d_1", padding: 0));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void Other_floats_are_read(int type)
    {
        using var folder = new TemporaryFolder();
        var model = InitialWeights.Draw(Tutorial with { Blocks = 2 }, 1);
        var files = new PaddleFiles { Type = type };
        files.Weights(model, TutorialOrder(model.Config));
        var read = ModelImport.Load(folder.Write("a.pdiparams", files.Parameters()));
        foreach (var (name, values) in model.Parameters)
            Assert.Equal(values.Select(v => type == 4 ? (float)(Half)v : v), read.Parameters[name]);
    }

    [Fact]
    public void EDSR_PyTorchs_order_is_known_without_a_program()
    {
        using var folder = new TemporaryFolder();
        foreach (int first in (int[])[0, 4, 9, 99])
            foreach (var config in (EdsrConfig[])[new(1, 4, 2), new(2, 8, 3), new(2, 4, 4)])
            {
                var model = InitialWeights.Draw(config, 4);
                var files = new PaddleFiles();
                files.Weights(model, EdsrPyTorchOrder(config), first);
                AssertEqual(model, ModelImport.Load(folder.Write("a.pdiparams", files.Parameters())));
            }
    }

    [Fact]
    public void What_two_orders_fit_is_refused_until_the_names_beside_it_decide()
    {
        // Convolutions 0 to 15 and 1 to 16 have their first and their last two in the same places, and others between them.
        using var folder = new TemporaryFolder();
        foreach (int first in (int[])[0, 1])
        {
            var model = InitialWeights.Draw(new EdsrConfig(6, 4, 2), 4);
            var files = new PaddleFiles();
            var names = files.Weights(model, EdsrPyTorchOrder(model.Config), first);
            string path = folder.Write("a.pdiparams", files.Parameters());
            Assert.Contains("its 16 convolutions make an EDSR in more than one order. Put the .pdmodel or .pdiparams.info", Assert.Throws<EdsrException>(() => ModelImport.Load(path)).Message);

            folder.Write("a.pdiparams.info", Names(names));
            AssertEqual(model, ModelImport.Load(path));
            folder.Write("a.pdiparams.info", Names(names.Skip(1)));
            Assert.Contains("a.pdiparams has 32 tensors and beside it a.pdiparams.info with 30 names", Assert.Throws<EdsrException>(() => ModelImport.Load(path)).Message);
            // Names that are not one for each say nothing.
            folder.Write("a.pdiparams.info", Names(names.Select(name => KeyValuePair.Create("head.0", name.Value))));
            Assert.Contains("in more than one order", Assert.Throws<EdsrException>(() => ModelImport.Load(path)).Message);
            File.Delete(folder.Path("a.pdiparams.info"));
        }
    }

    /// <summary>The dictionary of .pdiparams.info, pickled in protocol 2 as Python does.</summary>
    private static byte[] Names(IEnumerable<KeyValuePair<string, string>> names)
    {
        var pickle = new List<byte> { 0x80, 2, (byte)'}', (byte)'(' };
        foreach (var (structured, generated) in names)
            foreach (var (own, kind) in new[] { ("w_0", "weight"), ("b_0", "bias") })
            {
                Text($"{generated}.{own}");
                pickle.AddRange([(byte)'}', (byte)'(']);
                Text("structured_name");
                Text($"{structured}.{kind}");
                Text("stop_gradient");
                pickle.Add(0x89);
                Text("trainable");
                pickle.AddRange([0x88, (byte)'u']);
            }
        return [.. pickle, (byte)'u', (byte)'.'];

        void Text(string text) => pickle.AddRange([(byte)'X', .. BitConverter.GetBytes(text.Length), .. System.Text.Encoding.ASCII.GetBytes(text)]);
    }

    [Fact]
    public void The_real_network_in_Paddles_form_is_the_same_bit_for_bit()
    {
        using var folder = new TemporaryFolder();
        var model = ModelFile.Load(TestData.Path("weights", "edsr8_x2", "edsr8_x2.safetensors"));
        var files = new PaddleFiles();
        float[] identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];
        files.Convolution(0, 3, 3, identity, model.Config.Range.InputOffset, size: 1);
        files.Convolution(1, 3, 3, identity, model.Config.Range.OutputOffset, size: 1);
        files.Weights(model, EdsrPyTorchOrder(model.Config), 2);
        AssertEqual(model, ModelImport.Load(folder.Write("edsr8.pdiparams", files.Parameters())));
    }

    private static void AssertEqual(EdsrModel expected, EdsrModel actual)
    {
        Assert.Equal(expected.Config, actual.Config);
        Assert.Equal(expected.Parameters.Keys.Order(), actual.Parameters.Keys.Order());
        Assert.All(expected.Parameters, p => Assert.True(p.Value.AsSpan().SequenceEqual(actual.Parameters[p.Key]), p.Key));
    }
}
