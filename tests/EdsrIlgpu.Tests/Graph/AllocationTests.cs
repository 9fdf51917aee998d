using EdsrIlgpu.Data;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Graph;

/// <summary>Counts what all threads allocate, so it runs when nothing else does.</summary>
[Collection(Alone.Name)]
[Trait(TestAccelerators.Trait, "yes")]
public class AllocationTests(TestAccelerators accelerators)
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

            Assert.Equal(0, Allocated(() => executor.Run(pixels, config.Range.Load, config.Range.Store, output)));
        }
    }

    [Fact]
    public void No_thread_allocates_in_a_training_step_after_the_first()
    {
        using var device = new HostComputeDevice(3);
        foreach (var (_, config) in TestNetworks.Configs)
            TrainsWithoutAllocating(device, config);
    }

    [Fact]
    public void Nor_on_accelerators()
    {
        foreach (var device in accelerators.Devices)
            TrainsWithoutAllocating(device, new EdsrConfig(1, 8, 2));
    }

    private static void TrainsWithoutAllocating(ComputeDevice device, EdsrConfig config)
    {
        var options = new PatchOptions(config.Scale) { Patch = 8, Batch = 2, Channels = config.Channels };
        using var batches = new PatchSampler(TrainingPictures.Load(new PictureFolder(Path.Combine(TestData.Repository, "samples", "pictures")), null, options), config.Range);
        using var executor = device.CreateTrainingExecutor(Edsr.Build(config), options.Batch, options.Patch, options.Patch);
        long number = 0;
        Step();
        Assert.Equal(0, Allocated(Step));

        void Step()
        {
            executor.Load(batches, number++);
            executor.Forward();
            executor.Loss(LossFunction.L1);
            executor.ZeroGradients();
            executor.Backward();
            float scale = Math.Min(1, 1 / executor.GradientNorm());
            executor.Adam(new AdamStep(number, 1e-4f), scale);
            executor.UpdateAverage(0.999f);
        }
    }

    private static long Allocated(Action pass)
    {
        // The runtime and the test runner allocate now and then; what a pass allocates, it allocates every time.
        long least = long.MaxValue;
        for (int i = 0; i < 20 && least > 0; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            pass();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }
}
