using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Graph;

/// <summary>Graphs that nobody would think of: values read late, often or never, residuals that are inputs, tails anywhere.</summary>
[Trait(TestAccelerators.Trait, "yes")]
public class RandomGraphTests(TestAccelerators accelerators)
{
    private const int LargestScale = 4;

    [Fact]
    public void Any_graph_meets_the_references_and_is_the_same_however_it_is_run()
    {
        using var device = new HostComputeDevice(2);
        var steps = new HashSet<Type>();
        for (int seed = 0; seed < 200; seed++)
            steps.UnionWith(Meets(device, seed));
        Assert.Equal(6, steps.Count);
    }

    [Fact]
    public void So_it_does_on_accelerators()
    {
        foreach (var device in accelerators.Devices)
        {
            var steps = new HashSet<Type>();
            for (int seed = 0; seed < 20; seed++)
                steps.UnionWith(Meets(device, seed));
            Assert.Equal(6, steps.Count);
        }
    }

    [Fact]
    public void Gradients_of_any_graph_meet_the_references()
    {
        using var device = new HostComputeDevice(2);
        var steps = new HashSet<Type>();
        for (int seed = 0; seed < 200; seed++)
            steps.UnionWith(GradientsMeet(device, seed));
        Assert.Equal(5, steps.Count);
    }

    [Fact]
    public void So_do_those_of_every_edsr()
    {
        using var device = new HostComputeDevice(2);
        foreach (var (_, config) in TestNetworks.Configs)
            GradientsMeet(device, Edsr.Build(config), new Random(1), 1);
    }

    [Fact]
    public void So_they_do_on_accelerators()
    {
        foreach (var device in accelerators.Devices)
        {
            foreach (var (_, config) in TestNetworks.Configs.Where(c => c.Config.SubPixelOutput))
                GradientsMeet(device, Edsr.Build(config), new Random(1), 1);
            var steps = new HashSet<Type>();
            for (int seed = 0; seed < 20; seed++)
                steps.UnionWith(GradientsMeet(device, seed));
            Assert.Equal(5, steps.Count);
        }
    }

    /// <summary>Trains one step of a graph's and returns the kinds of the launches.</summary>
    private static IEnumerable<Type> GradientsMeet(ComputeDevice device, int seed)
    {
        var random = new Random(seed);
        var graph = Build(random);
        if (graph.Parameters.Any())
            return GradientsMeet(device, graph, random, seed);
        Assert.Throws<ArgumentException>(() => new TrainingPlan(graph, 1, 1, 1));
        return [];
    }

    private static IEnumerable<Type> GradientsMeet(ComputeDevice device, LayerGraph graph, Random random, int seed)
    {
        int n = random.Next(1, 3), h = random.Next(1, 7), w = random.Next(1, 6);
        var parameters = TestNetworks.RandomParameters(graph, seed);
        var x = TestNetworks.RandomInput(n * h * w * graph.InputValue.Channels, seed);
        var reference = new ReferenceNetwork(graph, parameters);
        var values = reference.Run([.. x.Select(v => (double)v)], n, h, w);
        double[] y = values[graph.OutputValue.Name];
        var target = TestNetworks.RandomInput(y.Length, seed + 1);
        var (gradients, expected) = reference.Backward(values, LossReference.Backward(LossFunction.Mse, y, [.. target.Select(v => (double)v)]), n, h, w);

        var plan = new TrainingPlan(graph, n, h, w, inputGradient: true);
        string what = $"{device.Name}, seed {seed}, {n}×{h}×{w}: {string.Join("; ", graph.Steps.Select(Describe))}";
        using var executor = device.CreateTrainingExecutor(graph, plan);
        var flat = new float[executor.Parameters.Length];
        executor.Parameters.FromModel(parameters, flat);
        executor.Write(TrainingBuffer.Parameters, flat);
        executor.Load(x, target);
        // Twice: the second pass finds the maps as the first left them.
        for (int i = 0; i < 2; i++)
        {
            executor.Forward();
            executor.Loss(LossFunction.Mse);
            executor.ZeroGradients();
            executor.Backward();
        }
        executor.Read(TrainingBuffer.Gradients, flat);
        double largest = expected.Values.SelectMany(g => g).Select(Math.Abs).DefaultIfEmpty().Max();
        foreach (var (name, gradient) in executor.Parameters.ToModel(flat))
        {
            double error = gradient.Zip(expected[name], (a, b) => Math.Abs(a - b)).Max();
            Assert.True(error <= 1e-5 * largest, $"{name}: {error:E2} of {largest:E2}, {what}");
        }
        if (plan.InputGradient is not null)
            Assert.True(TestNetworks.RelativeError(executor.ReadInputGradient(), gradients[graph.InputValue.Name]) < 1e-5, what);
        return plan.Steps.Select(step => step.GetType());
    }

    /// <summary>Runs a graph in every mode and returns the kinds of its steps.</summary>
    private static IEnumerable<Type> Meets(ComputeDevice device, int seed)
    {
        var random = new Random(seed);
        var graph = Build(random);
        string what = $"{device.Name}, seed {seed}: {string.Join("; ", graph.Steps.Select(Describe))}; tail from {graph.TailStart}";
        int n = random.Next(1, 3), h = random.Next(1, 14), w = random.Next(1, 6);
        var parameters = TestNetworks.RandomParameters(graph, seed);
        using var network = new Network(graph, parameters, device);
        var x = TestNetworks.RandomInput(n * h * w * graph.InputValue.Channels, seed);
        var expected = new ReferenceNetwork(graph, parameters).Run([.. x.Select(v => (double)v)], n, h, w);

        using var executor = network.CreateExecutor(n, h, w, MemoryMode.Everything);
        var everything = new float[expected[graph.OutputValue.Name].Length];
        executor.Run(x, everything);
        foreach (var value in graph.Values)
        {
            double error = TestNetworks.RelativeError(executor.Read(value), expected[value.Name]);
            Assert.True(error < 1e-5, $"{value.Name}: {error:E2}, {what}");
        }
        foreach (var mode in (MemoryMode[])[MemoryMode.Whole, MemoryMode.Bands(1), MemoryMode.Bands(2), MemoryMode.Bands(5), MemoryMode.Bands(64)])
        {
            using var other = network.CreateExecutor(n, h, w, mode);
            var y = new float[everything.Length];
            other.Run(x, y);
            Assert.True(everything.AsSpan().SequenceEqual(y), $"{mode}, {n}×{h}×{w}, {what}\n{other.Plan}");
        }
        return graph.Steps.Select(step => step.GetType());
    }

    private static string Describe(Step step) =>
        $"{step.Name} = {step.GetType().Name}({step.X?.Name}{(step.Residual is { } r ? $", {r.Name}" : "")})";

    private static LayerGraph Build(Random random)
    {
        var graph = new LayerGraph();
        graph.Input(random.Next(1, 5));
        for (int count = random.Next(1, 10); count > 0; count--)
        {
            if (random.Next(6) == 0)
                graph.BeginTail();
            var x = Any(graph.Values);
            var like = graph.Values.Where(v => (v.Channels, v.Scale) == (x.Channels, x.Scale)).ToList();
            int factor = random.Next(2, 4);
            switch (random.Next(8))
            {
                case 0:
                    graph.Relu(x);
                    break;
                case 1:
                    // By 1 the gradient may be handed on to either.
                    graph.ScaledResidualAdd(x, Any(like), random.Next(3) == 0 ? 1 : 0.5f);
                    break;
                case 2 when x.Channels % (factor * factor) == 0 && x.Scale * factor <= LargestScale:
                    graph.PixelShuffle(x, factor);
                    break;
                case 3 when x.Scale * factor <= LargestScale:
                    graph.Conv2d(x, $"up{graph.Steps.Count}", random.Next(1, 4), Epilogue.BiasPixelShuffle(factor));
                    break;
                case 4:
                    graph.Conv2d(x, $"wide{graph.Steps.Count}", 4 * random.Next(1, 4), Epilogue.BiasRelu);
                    break;
                default:
                    var addend = Any(graph.Values.Where(v => v.Scale == x.Scale));
                    string name = random.Next(3) == 0 ? $"tied{x.Channels},{addend.Channels}" : $"conv{graph.Steps.Count}";
                    graph.Conv2d(x, name, addend.Channels, Epilogue.BiasScaledResidual(0.5f), addend);
                    break;
            }
        }
        graph.Output(random.Next(3) == 0 ? Any(graph.Values) : graph.Values[^1]);
        return graph;

        Value Any(IEnumerable<Value> values)
        {
            var list = values.ToList();
            return list[random.Next(list.Count)];
        }
    }
}
