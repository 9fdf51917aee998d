using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
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

        // The tail's maps are twice as wide, and never there as a whole.
        whole = network.Plan(1, 300, 200, MemoryMode.Whole);
        Assert.Contains(whole.Slots, s => s.Shape.W == 400);
        Assert.All(whole.Slots.Where(s => s.Shape.W == 400), s => Assert.True(s.Shape.Rows < 40, $"{s.Shape}"));
        Assert.True(network.Plan(1, 300, 200, MemoryMode.Bands(16)).Bytes < whole.Bytes / 2);
    }

    [Fact]
    public void Sizes_that_no_map_can_have_are_refused()
    {
        using var device = new HostComputeDevice(1);
        var graph = Edsr.Build(new EdsrConfig(1, 8, 2));
        using var network = new Network(graph, TestNetworks.RandomParameters(graph, 1), device);
        foreach (var (n, h, w) in ((int, int, int)[])[(0, 1, 1), (1, 0, 1), (1, 1, -1), (1, int.MaxValue, 1), (1, 1, 1 << 30)])
            Assert.ThrowsAny<ArgumentException>(() => network.Plan(n, h, w, MemoryMode.Whole));
    }

    [Fact]
    public void A_step_that_is_refused_leaves_the_graph_as_it_was()
    {
        var graph = new LayerGraph();
        Assert.Throws<InvalidOperationException>(() => graph.InputValue);
        Assert.ThrowsAny<ArgumentException>(() => graph.Input(0));
        var x = graph.Input(3);
        var y = graph.Conv2d(x, "conv", 8, Epilogue.Bias);
        var stranger = new Value(7, "stranger", 8, 1);
        foreach (var refused in (Action[])
        [
            () => graph.Conv2d(x, "conv", 9, Epilogue.Bias),
            () => graph.Conv2d(x, "other", 0, Epilogue.Bias),
            () => graph.Conv2d(x, "other", 8, Epilogue.Bias, y),
            () => graph.Conv2d(x, "other", 8, Epilogue.BiasScaledResidual(1)),
            () => graph.Conv2d(x, "other", 8, Epilogue.BiasScaledResidual(1), x),
            () => graph.Conv2d(x, "other", 8, Epilogue.BiasRelu with { Residual = true }, y),
            () => graph.Conv2d(stranger, "other", 8, Epilogue.Bias),
            () => graph.Relu(stranger),
            () => graph.ScaledResidualAdd(y, x, 1),
            () => graph.ScaledResidualAdd(y, stranger, 1),
            () => graph.PixelShuffle(y, 3),
            () => graph.Output(stranger),
        ])
        {
            Assert.ThrowsAny<ArgumentException>(refused);
            Assert.Equal((2, 2), (graph.Steps.Count, graph.Values.Count));
        }
        graph.Output(y);
        Assert.Throws<InvalidOperationException>(() => graph.Output(x));
        Assert.Throws<InvalidOperationException>(() => graph.Relu(x));
        Assert.Throws<InvalidOperationException>(() => graph.Input(3));
        Assert.Equal((3, 2), (graph.Steps.Count, graph.Values.Count));
        Assert.Same(y, graph.OutputValue);
    }
}
