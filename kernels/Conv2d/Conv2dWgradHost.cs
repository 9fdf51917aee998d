using System.Runtime.Intrinsics;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// A way to compute the gradients of filter and bias on the host. One object serves all devices and shapes. The rows of the batch
/// are split among pieces of work, each with sums of its own, which are then added in order: how many depends on the shape alone,
/// so the result has the same bits on any number of threads.
/// </summary>
internal abstract unsafe class Conv2dWgradHost
{
    // Pieces of work that keep many cores busy. Fewer, of at least some pixels, where adding up their sums would take too long or
    // the sums too much memory: 16 MiB.
    private const int Pieces = 48, SplitPixels = 128;
    private const long WorkspaceLimit = 4 << 20;

    // Pixels between two visits to the sums in memory: enough to forget those, few enough to stay in the nearest cache.
    private const int StripPixels = 192;

    /// <summary>Name in plans, results and EDSR_FORCE_CONV2D_WGRAD.</summary>
    public abstract string Name { get; }

    /// <summary>Largest Σ(dw − reference)² / Σ reference² that tests let pass, of filter and bias each.</summary>
    public abstract double MaxNmse { get; }

    /// <summary>Whether the variant computes this at all.</summary>
    public abstract bool Supports(HostDevice device, Conv2dShape shape);

    /// <summary>Floats of workspace that <see cref="Run"/> needs: 16 MiB at most, unless one filter's sums are larger.</summary>
    public abstract long WorkspaceElements(HostDevice device, Conv2dShape shape);

    /// <summary>dw += scale · Σ dy ⊗ x, db += scale · Σ dy. Arguments are checked already.</summary>
    public abstract void Run(HostDevice device, Conv2dShape shape, in HostMap<float> x, in HostMap<float> dy, float scale, float* workspace, float* dw, float* db);

    /// <summary>Splits of the batch's rows.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="units">Pieces of work that every split is cut into besides.</param>
    /// <param name="splitLength">Floats of workspace of every split.</param>
    protected static int Splits(Conv2dShape shape, int units, long splitLength)
    {
        long rows = (long)shape.N * shape.H;
        long most = Math.Min(Math.Min(rows, rows * shape.W / SplitPixels), WorkspaceLimit / splitLength);
        return (int)Math.Max(1, Math.Min(most, (Pieces + units - 1) / units));
    }

    /// <summary>Rows of a strip.</summary>
    protected static int StripRows(Conv2dShape shape) => Math.Max(1, StripPixels / shape.W);

    /// <summary>Launches what was compiled for the device's vectors.</summary>
    protected static void Dispatch<TLaunch>(HostSimd simd, TLaunch launch) where TLaunch : struct, ILaunch
    {
        switch (simd)
        {
            case HostSimd.Vector512: launch.Run<Simd512, Vector512<float>>(); break;
            case HostSimd.Vector256: launch.Run<Simd256, Vector256<float>>(); break;
            default: launch.Run<Simd128, Vector128<float>>(); break;
        }
    }

    /// <summary>A launch that awaits its types.</summary>
    protected interface ILaunch
    {
        void Run<TSimd, V>()
            where TSimd : unmanaged, ISimd<V>
            where V : unmanaged;
    }

    /// <summary>Rows [<see cref="Y"/>, <see cref="End"/>) of picture <see cref="N"/>, which are summed up at once.</summary>
    protected readonly record struct Strip(int N, int Y, int End)
    {
        /// <summary>Of this strip's rows of dy, those that filter row r takes to rows of x inside the picture; the others meet zeros.</summary>
        public Strip Inside(int r, int height) => this with { Y = Math.Max(Y, 1 - r), End = Math.Min(End, height + 1 - r) };
    }

    /// <summary>The strips of one split of the batch's rows.</summary>
    protected struct Strips(Conv2dShape shape, int split, int splits)
    {
        private readonly long end = (long)shape.N * shape.H * (split + 1) / splits;
        private long row = (long)shape.N * shape.H * split / splits;

        /// <summary>Moves on to the next strip, if there is one.</summary>
        public bool Next(out Strip strip)
        {
            int n = (int)(row / shape.H), y = (int)(row % shape.H), rows = (int)Math.Min(Math.Min(StripRows(shape), shape.H - y), end - row);
            strip = new Strip(n, y, y + rows);
            row += rows;
            return rows > 0;
        }
    }
}
