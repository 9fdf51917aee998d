using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>The references, the host's kernels at every vector width and the accelerators' against the goldens.</summary>
[Trait(TestAccelerators.Trait, "yes")]
public class ForwardOperationTests(TestAccelerators accelerators)
{
    [Fact]
    public void Convolutions_meet_the_goldens()
    {
        using var golden = Golden.Open("ops");
        int cases = 0;
        foreach (string name in golden.Cases("conv.", ".w"))
        {
            var x = golden.Shape($"{name}.x");
            var shape = new Conv2dShape(x[0], x[2], x[3], x[1], golden.Shape($"{name}.w")[0]);
            var filter = FilterLayout.ToKernel(golden.Read($"{name}.w"), shape.K, shape.C, 1);
            float[] input = golden.Map($"{name}.x"), bias = golden.Read($"{name}.b"), expected = golden.Map($"{name}.y");

            Golden.AssertMeets(expected, Single(Conv2dReference.Fprop(Double(input), Double(filter), Double(bias), null, shape, Epilogue.Bias)), $"{name}, reference");
            foreach (var device in HostDevices.All())
            {
                var plan = Conv2dKernels.Choose(device, shape, Epilogue.Bias);
                using var packed = plan.Pack(filter, bias);
                var actual = Through(
                    new MapShape(shape.N, shape.H, shape.W, shape.C), input, Epilogue.Bias.Output(shape),
                    (from, to) => Conv2dKernels.Fprop(plan, from, packed, default, to, 0, shape.H));
                Golden.AssertMeets(expected, actual, $"{name}, {plan.Variant}, {device.Simd}");
                device.Dispose();
            }
            cases++;
        }
        Assert.Equal(6, cases);
    }

    [Fact]
    public void Pixel_shuffles_are_the_goldens()
    {
        using var golden = Golden.Open("ops");
        int cases = 0;
        foreach (string name in golden.Cases("pixel_shuffle.", ".x"))
        {
            int[] x = golden.Shape($"{name}.x"), y = golden.Shape($"{name}.y");
            int factor = y[2] / x[2];
            float[] input = golden.Map($"{name}.x", factor), expected = golden.Map($"{name}.y");
            Assert.Equal(expected, PixelShuffleReference.Forward(input, x[0], x[2], x[3], y[1], factor));
            Assert.Equal(input, PixelShuffleReference.Inverse(expected, x[0], x[2], x[3], y[1], factor));
            using var device = new HostDevice(2);
            Assert.Equal(expected, Through(
                new MapShape(x[0], x[2], x[3], x[1]), input, new MapShape(y[0], y[2], y[3], y[1]),
                (from, to) => PixelShuffleKernels.Forward(device, from, factor, to, 0, x[2])));
            cases++;
        }
        Assert.Equal(3, cases);
    }

    [Fact]
    public void Operations_meet_the_goldens_on_accelerators()
    {
        using var golden = Golden.Open("ops");
        foreach (var device in accelerators.Devices)
        {
            foreach (string name in golden.Cases("conv.", ".w"))
            {
                var graph = new LayerGraph();
                graph.Output(graph.Conv2d(graph.Input(golden.Shape($"{name}.x")[1]), "conv", golden.Shape($"{name}.w")[0], Epilogue.Bias));
                var parameters = new Dictionary<string, float[]> { ["conv.weight"] = golden.Read($"{name}.w"), ["conv.bias"] = golden.Read($"{name}.b") };
                Golden.AssertMeets(golden.Map($"{name}.y"), Run(device, graph, parameters, golden.Map($"{name}.x"), golden.Shape($"{name}.x"), golden.Shape($"{name}.y")), $"{name}, {device.Name}");
            }
            foreach (string name in golden.Cases("pixel_shuffle.", ".x"))
            {
                int[] x = golden.Shape($"{name}.x"), y = golden.Shape($"{name}.y");
                int factor = y[2] / x[2];
                var graph = new LayerGraph();
                graph.Output(graph.PixelShuffle(graph.Input(x[1]), factor));
                Assert.Equal(golden.Map($"{name}.y"), Run(device, graph, [], golden.Map($"{name}.x", factor), x, y));
            }
        }
    }

    /// <summary>Runs a graph on a device.</summary>
    /// <param name="device">The device.</param>
    /// <param name="graph">The graph.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="input">[N, H, W, C].</param>
    /// <param name="x">Shape of the input in the golden's order, N, C, H, W.</param>
    /// <param name="y">The output's.</param>
    private static float[] Run(ComputeDevice device, LayerGraph graph, Dictionary<string, float[]> parameters, float[] input, int[] x, int[] y)
    {
        using var network = new Network(graph, parameters, device);
        using var executor = network.CreateExecutor(x[0], x[2], x[3], MemoryMode.Whole);
        var output = new float[y[0] * y[1] * y[2] * y[3]];
        executor.Run(input, output);
        return output;
    }

    private delegate void Kernel(HostMap<float> x, HostMap<float> y);

    /// <summary>Runs a kernel on poisoned maps.</summary>
    private static float[] Through(MapShape x, float[] input, MapShape y, Kernel kernel)
    {
        using PoisonedMap from = new(x, input), to = new(y);
        kernel(from.Map, to.Map);
        return to.Read();
    }

    private static double[] Double(float[] values) => [.. values.Select(v => (double)v)];

    private static float[] Single(double[] values) => [.. values.Select(v => (float)v)];
}
