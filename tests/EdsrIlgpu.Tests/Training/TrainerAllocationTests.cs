namespace EdsrIlgpu.Tests.Training;

/// <summary>Counts what all threads allocate, so it runs when nothing else does.</summary>
[Collection(Alone.Name)]
public class TrainerAllocationTests
{
    [Fact]
    public void No_thread_allocates_in_a_training_step_after_the_first()
    {
        var config = SmallRun.Config with { Ema = 0.9f, ClipNorm = 1, Milestones = [3, 5] };
        using var run = new SmallRun(config, threads: 3);
        run.Trainer.Step();
        // The runtime and the test runner allocate now and then; what a step allocates, it allocates every time.
        long least = long.MaxValue;
        for (int i = 0; i < 20 && least > 0; i++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            run.Trainer.Step();
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }
        Assert.Equal(0, least);
    }
}
