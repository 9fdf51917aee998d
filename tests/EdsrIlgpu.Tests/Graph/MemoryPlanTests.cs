using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Layers;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Graph;

/// <summary>What a graph and its plan say before anything runs.</summary>
public class MemoryPlanTests
{
    [Theory]
    [InlineData(2, 1_369_859, 40_729_603)]
    [InlineData(3, 1_554_499, 43_680_003)]
    [InlineData(4, 1_517_571, 43_089_923)]
    public void Presets_have_the_papers_parameters(int scale, long baseline, long full)
    {
        Assert.Equal(baseline, Count(EdsrConfig.Baseline(scale)));
        Assert.Equal(full, Count(EdsrConfig.Full(scale)));

        static long Count(EdsrConfig config) => Edsr.Build(config).Parameters.Sum(p => p.K * p.C * 9L + p.K);
    }

    [Fact]
    public void A_tied_block_has_the_parameters_of_one_convolution()
    {
        var tied = Edsr.Build(EdsrConfig.Tutorial(2)).Parameters.ToList();
        Assert.Equal(1 + 32 + 1 + 1, tied.Count);
        Assert.DoesNotContain(tied, p => p.Name.EndsWith(".body.2") || p.Name == "body.32");
    }

    [Fact]
    public void Edsr_8_keeps_three_feature_maps_in_head_and_body_and_predicts_its_bytes()
    {
        using var device = new HostComputeDevice(1);
        var graph = Edsr.Build(new EdsrConfig(8, 64, 2));
        using var network = new Network(graph, TestNetworks.RandomParameters(graph, 1), device);
        foreach (var mode in (MemoryMode[])[MemoryMode.Whole, MemoryMode.Bands(1), MemoryMode.Bands(16), MemoryMode.Everything])
        {
            var plan = network.Plan(2, 48, 40, mode);
            using var executor = (HostExecutor)network.CreateExecutor(2, 48, 40, mode);
            Assert.Equal(plan.Slots, executor.Plan.Slots);
            Assert.Equal(plan.Bytes, executor.ArenaBytes);

            // Slots one after another, the zero row behind them: nothing overlaps, nothing is left out.
            long end = 0;
            foreach (var (shape, offset) in plan.Slots)
            {
                Assert.InRange(offset, end, end + 63);
                end = offset + shape.Elements;
            }
            Assert.InRange(plan.ZeroRowOffset, end, end + 63);
            Assert.True(plan.Elements - plan.ZeroRowOffset >= plan.Slots.Max(s => s.Shape.RowPitch));
        }

        var whole = network.Plan(2, 48, 40, MemoryMode.Whole);
        var headAndBody = graph.Steps.Take(graph.TailStart).OfType<Conv2dStep>().Select(s => whole.SlotOf(s.To)).Distinct().ToList();
        Assert.Equal(3, headAndBody.Count);
        Assert.All(headAndBody, slot => Assert.Equal(new MapShape(2, 48, 40, 64), whole.Slots[slot].Shape));
        Assert.Equal(graph.Values.Count, network.Plan(2, 48, 40, MemoryMode.Everything).Slots.Count);
    }

    [Fact]
    public void A_plain_net_of_three_layers_is_its_three_convolutions()
    {
        var graph = new LayerGraph();
        var first = new Conv2d("first", 9) { Relu = true }.AddTo(graph, graph.Input(3));
        var second = graph.Relu(new Conv2d("second", 5).AddTo(graph, first));
        graph.Output(new Conv2d("third", 2).AddTo(graph, second));
        var parameters = TestNetworks.RandomParameters(graph, 4);
        const int n = 2, h = 7, w = 6;
        var x = TestNetworks.RandomInput(n * h * w * 3, 5);

        double[] y = [.. x.Select(v => (double)v)];
        foreach (var (name, c, k, epilogue) in new[] { ("first", 3, 9, Epilogue.BiasRelu), ("second", 9, 5, Epilogue.BiasRelu), ("third", 5, 2, Epilogue.Bias) })
            y = Conv2dReference.Fprop(y, Doubles(FilterLayout.ToKernel(parameters[$"{name}.weight"], k, c, 1)), Doubles(parameters[$"{name}.bias"]), null, new Conv2dShape(n, h, w, c, k), epilogue);

        byte[]? bits = null;
        foreach (int threads in (int[])[1, 2, 3])
        {
            using var device = new HostComputeDevice(threads);
            using var network = new Network(graph, parameters, device);
            foreach (var mode in (MemoryMode[])[MemoryMode.Whole, MemoryMode.Bands(1), MemoryMode.Bands(3), MemoryMode.Everything])
            {
                using var executor = network.CreateExecutor(n, h, w, mode);
                var output = new float[n * h * w * 2];
                executor.Run(x, output);
                Assert.True(TestNetworks.RelativeError(output, y) < 1e-5);
                byte[] these = System.Runtime.InteropServices.MemoryMarshal.AsBytes(output.AsSpan()).ToArray();
                Assert.Equal(bits ??= these, these);
            }
        }

        static double[] Doubles(float[] values) => [.. values.Select(v => (double)v)];
    }
}
