using System.Runtime.InteropServices;

namespace EdsrIlgpu.Kernels.Tests.Host;

public unsafe class WorkerPoolTests
{
    private const int MaxPieces = 37;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_piece_is_done_once(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 200; round++)
            AssertCounts(pool, round % MaxPieces);
    }

    [Fact]
    public void Callers_on_several_threads_take_turns()
    {
        using var pool = new WorkerPool(3);
        Parallel.For(0, 4, _ =>
        {
            for (int round = 0; round < 100; round++)
                AssertCounts(pool, round % MaxPieces);
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void What_a_piece_throws_reaches_the_caller_and_the_pool_goes_on(int threads)
    {
        using var pool = new WorkerPool(threads);
        for (int round = 0; round < 20; round++)
        {
            Assert.Throws<FormatException>(() => pool.Run(new Throw(), MaxPieces));
            AssertCounts(pool, MaxPieces);
        }
    }

    [Fact]
    public void Work_within_the_pools_own_work_and_after_its_end_is_refused()
    {
        var pool = new WorkerPool(2);
        var handle = GCHandle.Alloc(pool);
        Assert.Throws<InvalidOperationException>(() => pool.Run(new Nested { Pool = handle }, 4));
        handle.Free();
        pool.Dispose();
        Assert.Throws<ObjectDisposedException>(() => pool.Run(new Throw(), 1));
    }

    private static void AssertCounts(WorkerPool pool, int pieces)
    {
        int* counts = stackalloc int[MaxPieces];
        new Span<int>(counts, MaxPieces).Clear();
        pool.Run(new Count { Counts = counts }, pieces);
        for (int i = 0; i < MaxPieces; i++)
            Assert.Equal(i < pieces ? 1 : 0, counts[i]);
    }

    private struct Count : IWork
    {
        public int* Counts;

        public readonly void Run(int piece) => Interlocked.Increment(ref Counts[piece]);
    }

    private struct Throw : IWork
    {
        public readonly void Run(int piece) => throw new FormatException();
    }

    private struct Nested : IWork
    {
        public GCHandle Pool;

        public readonly void Run(int piece) => ((WorkerPool)Pool.Target!).Run(new Throw(), 1);
    }
}
