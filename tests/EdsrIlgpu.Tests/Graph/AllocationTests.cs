using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Graph;

/// <summary>Counts what all threads allocate, so it runs when nothing else does.</summary>
[Collection(Alone.Name)]
public class AllocationTests
{
    [Fact]
    public void No_thread_allocates_in_a_forward_pass_after_the_first()
    {
        using var device = new HostComputeDevice(3);
        var config = new EdsrConfig(2, 16, 2);
        var graph = Edsr.Build(config);
        using var network = new Network(graph, TestNetworks.RandomParameters(graph, 1), device);
        var pixels = new byte[24 * 20 * 3];
        var output = new byte[48 * 40 * 3];
        foreach (var mode in (MemoryMode[])[MemoryMode.Whole, MemoryMode.Bands(4), MemoryMode.Everything])
        {
            using var executor = network.CreateExecutor(1, 24, 20, mode);
            executor.Run(pixels, config.Range.Load, config.Range.Store, output);

            // The runtime and the test runner allocate now and then; what a pass allocates, it allocates every time.
            long least = long.MaxValue;
            for (int i = 0; i < 20 && least > 0; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                executor.Run(pixels, config.Range.Load, config.Range.Store, output);
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }
            Assert.Equal(0, least);
        }
    }
}
