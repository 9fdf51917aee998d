using ILGPU;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Kernels with a fault each, for <see cref="OclgrindTests"/> alone; elsewhere they would do harm.</summary>
[Collection(AcceleratorCollection.Name)]
public class PlantedFaults(AcceleratorFixture accelerators)
{
    private const int Threads = 32;

    private static readonly AcceleratorKernel<float, int> RaceKernel = new(RunRace, Threads);
    private static readonly AcceleratorKernel<float, int> OverrunKernel = new(RunOverrun, Threads);
    private static readonly AcceleratorKernel<float, int> UnwrittenKernel = new(RunUnwritten, Threads);

    [Fact(Explicit = true)]
    public void Race() => Launch(RaceKernel);

    [Fact(Explicit = true)]
    public void Overrun() => Launch(OverrunKernel);

    [Fact(Explicit = true)]
    public void Unwritten() => Launch(UnwrittenKernel);

    private void Launch(AcceleratorKernel<float, int> kernel)
    {
        Assert.SkipUnless(Oclgrind.IsHere, "Only for Oclgrind to report.");
        var accelerator = accelerators.Open(AcceleratorFixture.OpenCL);
        using var y = accelerator.Upload(new float[Threads]);
        kernel.Launch(accelerator.Device, accelerator.Stream, 1, y.View, 1);
        accelerator.Stream.Synchronize();
    }

    // A thread reads what its neighbour wrote, and no barrier lies between.
    private static void RunRace(ArrayView<float> y, int step)
    {
        var tile = SharedMemory.Allocate<float>(Threads);
        tile[Group.IdxX] = Group.IdxX;
        y[Group.IdxX] = tile[Group.IdxX + step < Threads ? Group.IdxX + step : 0];
    }

    // The last thread writes behind the buffer's end.
    private static void RunOverrun(ArrayView<float> y, int step) => y[Group.IdxX + step] = 1;

    // One element of the tile is never written.
    private static void RunUnwritten(ArrayView<float> y, int step)
    {
        var tile = SharedMemory.Allocate<float>(Threads + 1);
        tile[Group.IdxX] = Group.IdxX;
        Group.Barrier();
        y[Group.IdxX] = tile[Group.IdxX + step];
    }
}
