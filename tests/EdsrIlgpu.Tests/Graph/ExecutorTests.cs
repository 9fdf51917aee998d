using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Layers;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Graph;

public class ExecutorTests
{
    private static readonly (int H, int W)[] Sizes = [(1, 1), (1, 19), (23, 1), (2, 3), (17, 31), (13, 8)];

    [Fact]
    public void Every_network_meets_the_references()
    {
        using var device = new HostComputeDevice(2);
        foreach (var (name, config) in TestNetworks.Configs)
        {
            var graph = Edsr.Build(config);
            var parameters = TestNetworks.RandomParameters(graph, 3);
            using var network = new Network(graph, parameters, device);
            var x = TestNetworks.RandomInput(2 * 5 * 7 * config.Channels, 4);
            var expected = new ReferenceNetwork(graph, parameters).Run([.. x.Select(v => (double)v)], 2, 5, 7);
            using var executor = network.CreateExecutor(2, 5, 7, MemoryMode.Everything);
            var y = new float[2 * 5 * 7 * config.Channels * config.Scale * config.Scale];
            executor.Run(x, y);
            foreach (var value in graph.Values)
            {
                double error = TestNetworks.RelativeError(executor.Read(value), expected[value.Name]);
                Assert.True(error < 1e-5, $"{name}, {value.Name}: {error:E2}");
            }
            Assert.Equal(executor.Read(graph.OutputValue), y);
        }
    }

    [Fact]
    public void Bands_rings_and_threads_change_no_bit()
    {
        using var device = new HostComputeDevice(2);
        using var single = new HostComputeDevice(1);
        using var triple = new HostComputeDevice(3);
        foreach (var (name, config) in TestNetworks.Configs)
        {
            var graph = Edsr.Build(config);
            var parameters = TestNetworks.RandomParameters(graph, 5);
            using var network = new Network(graph, parameters, device);
            using var singleThreaded = new Network(graph, parameters, single);
            using var tripleThreaded = new Network(graph, parameters, triple);
            foreach (var (h, w) in Sizes)
            {
                var x = TestNetworks.RandomInput(h * w * config.Channels, h * 37 + w);
                var everything = Run(network, x, h, w, MemoryMode.Everything);
                foreach (var mode in (MemoryMode[])[MemoryMode.Whole, MemoryMode.Bands(1), MemoryMode.Bands(2), MemoryMode.Bands(3), MemoryMode.Bands(5), MemoryMode.Bands(16)])
                {
                    Assert.True(everything.SequenceEqual(Run(network, x, h, w, mode)), $"{name} {h}×{w} {mode}");
                    Assert.True(everything.SequenceEqual(Run(singleThreaded, x, h, w, mode)), $"{name} {h}×{w} {mode}, one thread");
                    Assert.True(everything.SequenceEqual(Run(tripleThreaded, x, h, w, mode)), $"{name} {h}×{w} {mode}, three threads");
                }
            }
        }
    }

    [Fact]
    public void Whole_edsr_keeps_three_feature_maps_in_head_and_body()
    {
        using var device = new HostComputeDevice(1);
        var graph = Edsr.Build(EdsrConfig.Baseline(2));
        using var network = new Network(graph, TestNetworks.RandomParameters(graph, 1), device);
        var plan = network.Plan(1, 300, 200, MemoryMode.Whole);
        Assert.Equal(3, plan.Slots.Count(s => s.Shape == new MapShape(1, 300, 200, 64)));
        Assert.All(plan.Slots.Where(s => s.Shape.W == 400), s => Assert.True(s.Shape.Rows < 40, $"{s.Shape}"));
        Assert.True(network.Plan(1, 300, 200, MemoryMode.Bands(16)).Bytes < plan.Bytes / 2);
    }

    [Fact]
    public void Layers_compose_into_other_networks()
    {
        // A plain net of three layers, its ReLUs, its skip and its shuffle not fused: every kind of step there is.
        var graph = new LayerGraph();
        var x = graph.Input(3);
        var first = graph.Relu(new Conv2d("first", 10).AddTo(graph, x));
        var second = new Conv2d("second", 10) { Relu = true }.AddTo(graph, first);
        var sum = graph.ScaledResidualAdd(second, first, 0.5f);
        graph.Output(graph.PixelShuffle(new Conv2d("third", 12).AddTo(graph, sum), 2));

        using var device = new HostComputeDevice(2);
        var parameters = TestNetworks.RandomParameters(graph, 8);
        using var network = new Network(graph, parameters, device);
        var input = TestNetworks.RandomInput(9 * 11 * 3, 2);
        var expected = new ReferenceNetwork(graph, parameters).Run([.. input.Select(v => (double)v)], 1, 9, 11)[graph.OutputValue.Name];
        var whole = Run(network, input, 9, 11, MemoryMode.Whole);
        Assert.True(TestNetworks.RelativeError(whole, expected) < 1e-5);
        Assert.Equal(whole, Run(network, input, 9, 11, MemoryMode.Bands(2)));
        Assert.Equal(whole, Run(network, input, 9, 11, MemoryMode.Everything));
    }

    [Fact]
    public void Progress_rises_to_one_and_cancelling_stops()
    {
        using var device = new HostComputeDevice(1);
        var graph = Edsr.Build(new EdsrConfig(2, 8, 2));
        using var network = new Network(graph, TestNetworks.RandomParameters(graph, 1), device);
        using var executor = network.CreateExecutor(1, 6, 6, MemoryMode.Whole);
        var told = new List<double>();
        executor.Run(new byte[6 * 6 * 3], new PixelAffine(1), new PixelAffine(1), new byte[12 * 12 * 3], new Report(told.Add));
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1], 9);

        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => executor.Run(
            new byte[6 * 6 * 3], new PixelAffine(1), new PixelAffine(1), new byte[12 * 12 * 3], new Report(_ => source.Cancel()), source.Token));
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var device = new HostComputeDevice(1);
        var graph = Edsr.Build(new EdsrConfig(1, 8, 2));
        var parameters = TestNetworks.RandomParameters(graph, 1);
        using var network = new Network(graph, parameters, device);
        using var executor = network.CreateExecutor(1, 4, 4, MemoryMode.Whole);
        Assert.Throws<ArgumentException>(() => executor.Run(new float[4 * 4 * 3], new float[8 * 8 * 3 - 1]));
        Assert.Throws<InvalidOperationException>(() => executor.Read(graph.OutputValue));
        parameters.Remove("tail.1.bias");
        Assert.Contains("tail.1.bias", Assert.Throws<ArgumentException>(() => new Network(graph, parameters, device)).Message);
        Assert.Throws<ArgumentException>(() => Edsr.Build(new EdsrConfig(1, 8, 5)));
    }

    internal static float[] Run(Network network, float[] x, int h, int w, MemoryMode mode)
    {
        using var executor = network.CreateExecutor(1, h, w, mode);
        var output = network.Graph.OutputValue;
        var y = new float[h * w * output.Scale * output.Scale * output.Channels];
        executor.Run(x, y);
        return y;
    }

    private sealed class Report(Action<double> action) : IProgress<double>
    {
        void IProgress<double>.Report(double value) => action(value);
    }
}
