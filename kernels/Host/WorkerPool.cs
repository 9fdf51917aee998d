using System.Runtime.ExceptionServices;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The caller's thread and parked helpers that share out the pieces of one job at a time. Nothing is allocated per job
/// (<see cref="Parallel"/> allocates on every call). How a job is cut into pieces is the job's affair and never depends on the
/// number of threads, so results do not either.
/// </summary>
internal sealed unsafe class WorkerPool : IDisposable
{
    // Long enough to stay awake from one layer to the next, short enough to leave an idle machine idle.
    private const int SpinsBeforeParking = 1000;

    /// <summary>The pool whose piece this thread is doing.</summary>
    [ThreadStatic]
    private static WorkerPool? poolAtWork;

    private readonly Lock turn = new();
    private readonly ManualResetEventSlim[] wake;
    private void* work;
    private delegate*<void*, int, void> run;
    private int next, count, helpersBusy;
    private Exception? failure;
    private volatile bool stopping;

    /// <summary>Starts <paramref name="threads"/> − 1 helpers.</summary>
    /// <param name="threads">Threads that work, the caller's included; at least 1.</param>
    public WorkerPool(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        Threads = threads;
        wake = new ManualResetEventSlim[threads - 1];
        for (int i = 0; i < wake.Length; i++)
        {
            var signal = wake[i] = new ManualResetEventSlim(false, SpinsBeforeParking);
            new Thread(() => Help(signal)) { IsBackground = true, Name = "EDSR worker" }.Start();
        }
    }

    /// <summary>Threads that work, the caller's included.</summary>
    public int Threads { get; }

    /// <summary>Does pieces 0 to <paramref name="pieces"/> − 1 and returns when all are done. Callers on several threads take turns.</summary>
    /// <exception cref="InvalidOperationException">Called from a piece of this pool's own work.</exception>
    /// <exception cref="ObjectDisposedException">The pool is disposed.</exception>
    /// <remarks>What a piece throws is thrown here, the first if several do, when no piece runs any more; some may not have been begun.</remarks>
    public void Run<TWork>(TWork job, int pieces) where TWork : unmanaged, IWork
    {
        if (pieces <= 0)
            return;
        if (poolAtWork == this)
            throw new InvalidOperationException("A piece of work cannot share out work on its own pool.");
        lock (turn)
        {
            ObjectDisposedException.ThrowIf(stopping, this);
            work = &job;
            run = &Invoke<TWork>;
            count = pieces;
            next = 0;
            int helpers = Math.Min(wake.Length, pieces - 1);
            Volatile.Write(ref helpersBusy, helpers);
            for (int i = 0; i < helpers; i++)
                wake[i].Set();
            DoPieces();
            var spin = new SpinWait();
            while (Volatile.Read(ref helpersBusy) > 0)
                spin.SpinOnce(sleep1Threshold: -1);
            if (failure is { } thrown)
            {
                failure = null;
                ExceptionDispatchInfo.Throw(thrown);
            }
        }
    }

    /// <summary>Ends the helpers.</summary>
    public void Dispose()
    {
        lock (turn)
            stopping = true;
        foreach (var signal in wake)
            signal.Set();
    }

    private static void Invoke<TWork>(void* job, int piece) where TWork : unmanaged, IWork => ((TWork*)job)->Run(piece);

    private void DoPieces()
    {
        var outer = poolAtWork;
        poolAtWork = this;
        try
        {
            int piece;
            while ((piece = Interlocked.Increment(ref next) - 1) < count && failure is null)
                run(work, piece);
        }
        catch (Exception thrown)
        {
            // On a helper it would end the process, and on the caller free what helpers still use.
            Interlocked.CompareExchange(ref failure, thrown, null);
        }
        poolAtWork = outer;
    }

    private void Help(ManualResetEventSlim signal)
    {
        while (true)
        {
            signal.Wait();
            signal.Reset();
            if (stopping)
                return;
            DoPieces();
            Interlocked.Decrement(ref helpersBusy);
        }
    }
}
