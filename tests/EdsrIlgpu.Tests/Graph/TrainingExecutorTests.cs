using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Graph;

/// <summary>What training executors refuse. Sets an environment variable, so it runs when nothing else does.</summary>
[Collection(Alone.Name)]
public class TrainingExecutorTests
{
    private static readonly LayerGraph Net = Edsr.Build(new EdsrConfig(1, 8, 2));

    [Fact]
    public void Batches_that_no_map_or_no_memory_holds_are_refused()
    {
        using var device = new HostComputeDevice(1);
        foreach (var (n, h, w) in ((int, int, int)[])[(0, 1, 1), (1, 0, 1), (1, 1, -1), (1, int.MaxValue, 1), (1, 1, 1 << 30), (1 << 16, 1 << 16, 1)])
            Assert.ThrowsAny<ArgumentException>(() => device.CreateTrainingExecutor(Net, n, h, w));
        Assert.Throws<OutOfMemoryException>(() => device.CreateTrainingExecutor(Net, 1, 1 << 29, 1 << 23));
    }

    [Fact]
    public void A_variant_that_is_forced_and_does_not_exist_is_the_users_mistake()
    {
        using var device = new HostComputeDevice(1);
        try
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceWgrad, "magic");
            Assert.Contains(Conv2dKernels.ForceWgrad, Assert.Throws<EdsrException>(() => device.CreateTrainingExecutor(Net, 1, 4, 4)).Message);
        }
        finally
        {
            Environment.SetEnvironmentVariable(Conv2dKernels.ForceWgrad, null);
        }
    }

    [Fact]
    public void Nothing_is_read_or_written_once_it_is_disposed()
    {
        using var device = new HostComputeDevice(1);
        var executor = device.CreateTrainingExecutor(Net, 1, 4, 4);
        float[] x = new float[4 * 4 * 3], target = new float[8 * 8 * 3], flat = new float[executor.Parameters.Length];
        executor.Load(x, target);
        executor.Forward();
        executor.Dispose();
        executor.Dispose();
        foreach (var use in (Action[])[
            () => executor.Load(x, target), executor.Forward, () => executor.Loss(LossFunction.L1), executor.ZeroGradients, executor.Backward,
            () => executor.GradientNorm(), () => executor.Adam(new AdamStep(1, 1), 1), () => executor.UpdateAverage(0.5f),
            () => executor.Read(TrainingBuffer.Parameters, flat), () => executor.Write(TrainingBuffer.Parameters, flat)])
            Assert.Throws<ObjectDisposedException>(use);

        using var network = new Network(Net, TestNetworks.RandomParameters(Net, 1), device);
        var forward = network.CreateExecutor(1, 4, 4, MemoryMode.Whole);
        forward.Dispose();
        Assert.Throws<ObjectDisposedException>(() => forward.Run(x, target));
    }
}
