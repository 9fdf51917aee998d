namespace EdsrIlgpu.Kernels;

/// <summary>
/// The caller's thread and parked helpers that share out the pieces of one job at a time. Nothing is allocated per job
/// (<see cref="Parallel"/> allocates on every call). How a job is cut into pieces is the job's affair and never depends on the
/// number of threads, so results do not either.
/// </summary>
public sealed unsafe class WorkerPool : IDisposable
{
    // Long enough to stay awake from one layer to the next, short enough to leave an idle machine idle.
    private const int SpinsBeforeParking = 1000;

    private readonly Lock turn = new();
    private readonly ManualResetEventSlim[] wake;
    private void* work;
    private delegate*<void*, int, void> run;
    private int next, count, helpersBusy;
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
    public void Run<TWork>(TWork job, int pieces) where TWork : unmanaged, IWork
    {
        if (pieces <= 0)
            return;
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
        int piece;
        while ((piece = Interlocked.Increment(ref next) - 1) < count)
            run(work, piece);
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
