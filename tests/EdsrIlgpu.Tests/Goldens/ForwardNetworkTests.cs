using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>Whole networks against the goldens, on every device and however their memory is planned.</summary>
[Trait(TestAccelerators.Trait, "yes")]
public class ForwardNetworkTests(TestAccelerators accelerators)
{
    private static readonly MemoryMode[] Modes = [MemoryMode.Whole, MemoryMode.Bands(1), MemoryMode.Bands(3)];

    public static TheoryData<string> Networks => ["edsr_b2f8x2", "edsr_b2f8x3", "edsr_b1f16x4", "tutorial_b2f8x2"];

    [Theory]
    [MemberData(nameof(Networks))]
    public void Networks_meet_the_goldens_on_the_host(string name)
    {
        foreach (var device in Hosts())
            using (device)
                Meets(name, device);
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Networks_meet_the_goldens_on_accelerators(string name)
    {
        foreach (var device in accelerators.Devices)
            Meets(name, device);
    }

    private static void Meets(string name, ComputeDevice device)
    {
        using var golden = Golden.Open(name);
        var model = new EdsrModel(golden.Config, golden.Parameters);
        var graph = Edsr.Build(model.Config);
        int[] shape = golden.Shape("x");
        float[] x = Shift(golden.Map("x"), model.Config.Range.InputOffset), expected = golden.Map("act.y");

        using var network = new Network(graph, model.Parameters, device);
        string where = $"{device.Name}, {device.Description}";
        using var everything = network.CreateExecutor(shape[0], shape[2], shape[3], MemoryMode.Everything);
        var y = new float[expected.Length];
        everything.Run(x, y);
        Golden.AssertMeets(expected, Shift(y, model.Config.Range.OutputOffset), where);
        foreach (var (activation, value) in Activations(graph, model.Config))
            Golden.AssertMeets(golden.Map($"act.{activation}"), everything.Read(value), $"{activation}, {where}");

        foreach (var mode in Modes)
        {
            using var executor = network.CreateExecutor(shape[0], shape[2], shape[3], mode);
            var other = new float[expected.Length];
            executor.Run(x, other);
            Assert.True(y.AsSpan().SequenceEqual(other), $"{mode} differs on {where}");
        }
    }

    /// <summary>The host at every vector width; each is disposed by who takes it.</summary>
    internal static IEnumerable<ComputeDevice> Hosts() =>
        from simd in Enum.GetValues<HostSimd>()
        where simd <= HostSimdSupport.Widest
        from threads in (int[])[1, 2]
        select new HostComputeDevice(threads, simd);

    /// <summary>The goldens' names of a network's values; the last, after the mean is added, is compared as the output.</summary>
    private static IEnumerable<(string Activation, Value Value)> Activations(LayerGraph graph, EdsrConfig config)
    {
        yield return ("head", Named("head.0"));
        for (int i = 0; i < config.Blocks; i++)
            yield return ($"block{i}", Named(config.TiedBlocks ? $"body.{i}.body.0#2" : $"body.{i}.body.2"));
        if (config.GlobalSkip)
            yield return ("body", Named($"body.{config.Blocks}"));
        for (int i = 0; i < (config.Scale == 4 ? 2 : 1); i++)
            yield return ($"up{i}", Named($"tail.0.{2 * i}"));

        Value Named(string name) => graph.Values.Single(v => v.Name == name);
    }

    /// <summary>Adds an offset to each channel of [N, H, W, C].</summary>
    private static float[] Shift(float[] map, float[] offsets) => [.. map.Select((v, i) => v + offsets[i % offsets.Length])];
}
