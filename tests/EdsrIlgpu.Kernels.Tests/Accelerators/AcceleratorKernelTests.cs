using ILGPU;
using ILGPU.Runtime.CPU;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>What a launch passes and refuses, on every accelerator there is.</summary>
[Collection(AcceleratorCollection.Name)]
public class AcceleratorKernelTests(AcceleratorFixture accelerators)
{
    private const int Threads = 32;

    private static readonly AcceleratorKernel<float, Float4, byte, int, Numbers> Kernel = new(Run, Threads);

    public static TheoryData<string> Kinds => AcceleratorFixture.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Views_arrive_at_their_offset_and_empty_ones_as_such(string kind)
    {
        var accelerator = accelerators.Open(kind);
        using var a = accelerator.Upload<float>([1, 2, 4, 8]);
        using var result = accelerator.Upload(Enumerable.Repeat(-1, 2 * Threads + 2).ToArray());
        Kernel.Launch(accelerator.Device, accelerator.Stream, 2, a.View.AsContiguous().SubView(2, 2), default, default, result.View.AsContiguous().SubView(1, 2 * Threads), new Numbers(1L << 40, 100, 0.5f));
        Assert.Equal([-1, .. Enumerable.Range(0, 2 * Threads).Select(i => i + 4 + 200 + 2 * 100 + 512), -1], accelerator.Download(result));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_kernel_is_loaded_once_however_many_threads_ask(string kind)
    {
        var accelerator = accelerators.Open(kind);
        var kernel = new AcceleratorKernel<float, Float4, byte, int, Numbers>(Run, Threads);
        Assert.Single(Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(4).Select(_ => accelerator.Device.Load(kernel)).ToArray().Distinct());
    }

    [Theory]
    [InlineData(AcceleratorFixture.OpenCL)]
    [InlineData(AcceleratorFixture.Cuda)]
    public void Threads_that_launch_one_kernel_at_the_same_time_keep_their_arguments(string kind)
    {
        const int Launches = 500;
        var accelerator = accelerators.Open(kind);
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, thread =>
        {
            using var stream = accelerator.Device.Accelerator.CreateStream();
            using var a = accelerator.Upload<float>([0]);
            using var result = accelerator.Upload(new int[Launches * Threads]);
            for (int i = 0; i < Launches; i++)
                Kernel.Launch(accelerator.Device, stream, 1, a.View, default, default, result.View.AsContiguous().SubView(i * Threads, Threads), new Numbers(0, thread * Launches + i, 0.5f));
            stream.Synchronize();
            Assert.Equal(
                Enumerable.Range(0, Launches * Threads).Select(i => i % Threads + 100 + 2 * (thread * Launches + i / Threads)),
                accelerator.Download(result));
        });
    }

    [Theory]
    [InlineData(AcceleratorFixture.OpenCL)]
    [InlineData(AcceleratorFixture.Cuda)]
    public void More_memory_than_a_device_has_is_said_to_be_so(string kind) =>
        Assert.Throws<OutOfMemoryException>(() => accelerators.Open(kind).Device.Allocate<float>(1L << 44));

    [Fact]
    public void Another_accelerators_stream_too_few_or_many_groups_and_what_is_disposed_are_refused()
    {
        using var context = Context.Create(b => b.CPU(CPUDeviceKind.Nvidia));
        using var accelerator = context.CreateCPUAccelerator(0);
        using var other = context.CreateCPUAccelerator(0);
        using var stream = accelerator.CreateStream();
        using var otherStream = other.CreateStream();
        using var device = new AcceleratorDevice(accelerator);
        Assert.Throws<ArgumentException>(() => Kernel.Launch(device, otherStream, 1, default, default, default, default, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => Kernel.Launch(device, stream, 0, default, default, default, default, default));
        Assert.Throws<ArgumentOutOfRangeException>(() => Kernel.Launch(device, stream, 1 << 26, default, default, default, default, default));
        otherStream.Dispose();
        using var otherDevice = new AcceleratorDevice(other);
        Assert.Throws<ObjectDisposedException>(() => Kernel.Launch(otherDevice, otherStream, 1, default, default, default, default, default));
        device.Dispose();
        Assert.Throws<ObjectDisposedException>(() => Kernel.Launch(device, stream, 1, default, default, default, default, default));
    }

    private static void Run(ArrayView<float> a, ArrayView<Float4> b, ArrayView<byte> c, ArrayView<int> result, Numbers numbers)
    {
        int i = Grid.IdxX * Threads + Group.IdxX;
        result[i] = i + (int)a[0] + (int)a.Length * 100 + 2 * numbers.Middle + (int)(numbers.Large >> 31) + (int)b.Length + (int)c.Length + (int)(numbers.Half - 0.5f);
    }

    /// <summary>Numbers of several sizes.</summary>
    internal readonly record struct Numbers(long Large, int Middle, float Half);
}
