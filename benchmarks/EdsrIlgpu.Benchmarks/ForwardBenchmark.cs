using BenchmarkDotNet.Attributes;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Benchmarks;

/// <summary>One forward pass on the host, bytes to bytes, with what it allocates.</summary>
[MemoryDiagnoser]
public class ForwardBenchmark
{
    private readonly EdsrConfig config = new(8, 64, 2);
    private HostComputeDevice device = null!;
    private Network network = null!;
    private Executor executor = null!;
    private byte[] pixels = [], output = [];

    /// <summary>Side of the square picture in pixels.</summary>
    [Params(64, 256)]
    public int Side { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        device = new HostComputeDevice();
        var graph = Edsr.Build(config);
        network = new Network(graph, RandomParameters.For(graph), device);
        executor = network.CreateExecutor(1, Side, Side, MemoryMode.Whole);
        pixels = new byte[Side * Side * 3];
        output = new byte[pixels.Length * 4];
        new Random(1).NextBytes(pixels);
    }

    [Benchmark]
    public void Forward() => executor.Run(pixels, config.Range.Load, config.Range.Store, output);

    [GlobalCleanup]
    public void Cleanup()
    {
        executor.Dispose();
        network.Dispose();
        device.Dispose();
    }
}
