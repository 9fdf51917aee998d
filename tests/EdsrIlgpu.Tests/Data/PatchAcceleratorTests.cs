using EdsrIlgpu.Data;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Data;

/// <summary>Batches on the accelerators of this machine, PoCL where there is no GPU. Counts what all threads allocate, so it runs when nothing else does.</summary>
[Collection(Alone.Name)]
[Trait(TestAccelerators.Trait, "yes")]
public class PatchAcceleratorTests(AcceleratorDevices accelerators) : IClassFixture<AcceleratorDevices>
{
    private static readonly PatchOptions Options = new(2) { Patch = 6, Batch = 5, Seed = 7 };

    [Fact]
    public void Batches_are_those_of_the_host_whether_pictures_lie_on_the_device_or_patches_are_sent_there() => accelerators.Each(accelerator =>
    {
        foreach (var (options, source) in Cases())
        {
            var pictures = TrainingPictures.Load(source, null, options);
            using var host = new HostBatch(options);
            using var device = new DeviceBatch(accelerator, options);
            using var onHost = new PatchSampler(pictures, PixelRange.EdsrPyTorch);
            using var resident = new PatchSampler(pictures, PixelRange.EdsrPyTorch);
            using var staged = new PatchSampler(pictures, PixelRange.EdsrPyTorch, deviceBytes: pictures.Bytes - 1);
            foreach (int step in (int[])[3, 0, 1, 2, 4, 5, 3])
            {
                var (x, target) = host.Read(onHost, step);
                var (xResident, targetResident) = device.Read(resident, step);
                var (xStaged, targetStaged) = device.Read(staged, step);
                Assert.Equal(xResident, xStaged);
                Assert.Equal(targetResident, targetStaged);
                // Gain 257⁻¹ and sums with an offset may be rounded once or twice.
                Assert.All(target.Zip(targetResident), p => Assert.Equal(p.First, p.Second, pictures.Bits == 8 ? 0 : 1e-4));
                double within = options.Degradations is not null ? 4.001 : pictures.Bits == 8 ? 0 : 1e-4;
                Assert.All(x.Zip(xResident), p => Assert.Equal(p.First, p.Second, within));
                Assert.True(x.Zip(xResident).Count(p => Math.Abs(p.First - p.Second) > 1e-3) <= x.Length / 10);
            }
        }
    });

    [Fact]
    public void Batches_sent_without_waiting_do_not_overtake_each_other() => accelerators.Each(accelerator =>
    {
        var (options, source) = Cases().First();
        var pictures = TrainingPictures.Load(source, null, options);
        using var host = new HostBatch(options);
        using var device = new DeviceBatch(accelerator, options);
        foreach (long budget in (long[])[0, long.MaxValue])
        {
            using var sampler = new PatchSampler(pictures, PixelRange.EdsrPyTorch, budget);
            for (int step = 0; step < 10; step++)
                device.Load(sampler, step);
            Assert.Equal(host.Read(sampler, 10).X, device.Read(sampler, 10).X);
        }
    });

    [Fact]
    public void No_thread_allocates_for_a_batch_after_the_first()
    {
        var options = Options with { Degradations = DegradationRanges.Parse("jpeg,noise,blur"), SkipFlat = true };
        foreach (var reduction in Enum.GetValues<Reduction>())
        {
            var pictures = TrainingPictures.Load(Source, null, options with { Reduction = reduction });
            using var sampler = new PatchSampler(pictures, PixelRange.EdsrPyTorch);
            using var batch = new HostBatch(options, threads: 3);
            Assert.Equal(0, LeastAllocation(step => batch.Load(sampler, step)));
        }
        accelerators.Each(accelerator =>
        {
            using var batch = new DeviceBatch(accelerator, options);
            foreach (var reduction in Enum.GetValues<Reduction>())
            {
                var pictures = TrainingPictures.Load(Source, null, options with { Reduction = reduction });
                foreach (long budget in (long[])[0, long.MaxValue])
                {
                    using var sampler = new PatchSampler(pictures, PixelRange.EdsrPyTorch, budget);
                    Assert.Equal(0, LeastAllocation(step =>
                    {
                        batch.Load(sampler, step);
                        batch.Synchronize();
                    }));
                }
            }
        });
    }

    private static PictureList Source { get; } = new(("a.png", PictureList.Noise(21, 18, 3, seed: 1)), ("b.png", PictureList.Noise(14, 40, 3, seed: 2)));

    private static IEnumerable<(PatchOptions Options, PictureList Source)> Cases()
    {
        var fine = new PictureList(("a.png", PictureList.Noise16(21, 18, 3, seed: 1)), ("b.png", PictureList.Noise(14, 40, 3, seed: 2)));
        yield return (Options, Source);
        yield return (Options with { Reduction = Reduction.Bilinear, Channels = 1 }, Source);
        yield return (Options with { Degradations = DegradationRanges.Parse("jpeg,noise,blur") }, Source);
        yield return (Options, fine);
    }

    /// <summary>What <paramref name="load"/> allocates every time: the runtime and the test runner allocate now and then, too.</summary>
    private static long LeastAllocation(Action<int> load)
    {
        load(0);
        long least = long.MaxValue;
        for (int step = 1; step < 20 && least > 0; step++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            load(step);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        return least;
    }
}
