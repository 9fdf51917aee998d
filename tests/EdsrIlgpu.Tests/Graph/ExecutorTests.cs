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

    [Fact]
    public void Progress_rises_to_one_and_cancelling_stops()
    {
        using var device = new HostComputeDevice(1);
        var graph = Edsr.Build(new EdsrConfig(2, 8, 2));
        using var network = new Network(graph, TestNetworks.RandomParameters(graph, 1), device);
        using var executor = network.CreateExecutor(1, 6, 6, MemoryMode.Whole);
        var told = new List<double>();
        executor.Run(new byte[6 * 6 * 3], new PixelAffine(1), new PixelAffine(1), new byte[12 * 12 * 3], new ActionProgress(told.Add));
        Assert.Equal(told.Order(), told);
        Assert.Equal(1, told[^1], 9);

        using var source = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => executor.Run(
            new byte[6 * 6 * 3], new PixelAffine(1), new PixelAffine(1), new byte[12 * 12 * 3], new ActionProgress(_ => source.Cancel()), source.Token));
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
}
