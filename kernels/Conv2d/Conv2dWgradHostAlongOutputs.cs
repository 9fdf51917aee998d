namespace EdsrIlgpu.Kernels;

/// <summary>
/// Gradients of filter and bias in register tiles (<see cref="Conv2dHostOuterTile"/>) with vectors along the output channels.
/// The three taps of a filter row and their channels are one run of 3·C floats of x that begins at the pixel on the left, so for
/// each filter row the gradient is a [3·C × K] matrix, the sum over all pixels of run ⊗ dy: positions of the run are broadcast,
/// dy is loaded. The bias is one more position, of ones. Any C, any K.
/// </summary>
internal sealed unsafe class Conv2dWgradHostAlongOutputs : Conv2dWgradHost
{
    // Pixels between two visits to the sums in memory: enough to forget those, few enough for dy to stay in the nearest cache.
    private const int StripPixels = 96;

    // Positions in a piece of the final sum.
    private const int Block = 16;

    public override string Name => "along-outputs";

    public override double MaxNmse => 4e-12;

    public override bool Supports(HostDevice device, Conv2dShape shape) => true;

    public override long WorkspaceElements(HostDevice device, Conv2dShape shape)
    {
        var layout = new Layout(HostVectors.Of(device), shape);
        return layout.Splits * layout.SplitLength;
    }

    public override void Run(HostDevice device, Conv2dShape shape, in HostMap<float> x, in HostMap<float> dy, float scale, float* workspace, float* dw, float* db) =>
        Dispatch(device.Simd, new Launch { Pool = device.Pool, Layout = new(HostVectors.Of(device), shape), X = x, Dy = dy, Scale = scale, Sums = workspace, Dw = dw, Db = db });

    /// <summary>
    /// How the work is cut. The vectors of output channels form groups as wide as a tile; a split of the batch's rows has for each
    /// group sums of [9·C + 1][lanes], the bias last, and behind them a copy of the strip of dy at work if K fills no whole vectors.
    /// </summary>
    private readonly struct Layout
    {
        private readonly int vectors, width;

        public Layout(HostVectors simd, Conv2dShape shape)
        {
            width = simd.Width;
            vectors = simd.Count(shape.K);
            Groups = (vectors + simd.Tile - 1) / simd.Tile;
            Positions = 9L * shape.C + 1;
            StripRows = Math.Max(1, StripPixels / shape.W);
            CopyOffset = Positions * vectors * width;
            SplitLength = CopyOffset + (shape.K % width == 0 ? 0 : (long)StripRows * shape.W * simd.Tile * width);
            Splits = Splits(shape, Groups, SplitLength);
        }

        public int Groups { get; }

        public int Splits { get; }

        public long SplitLength { get; }

        public long CopyOffset { get; }

        public long Positions { get; }

        public int StripRows { get; }

        /// <summary>First output channel of a group.</summary>
        public int First(int group) => vectors * group / Groups * width;
    }

    private struct Launch : ILaunch
    {
        public WorkerPool Pool;
        public Layout Layout;
        public HostMap<float> X, Dy;
        public float Scale;
        public float* Sums, Dw, Db;

        public readonly void Run<TSimd, V>()
            where TSimd : unmanaged, ISimd<V>
            where V : unmanaged
        {
            Pool.Run(new Strips<TSimd, V> { Layout = Layout, X = X, Dy = Dy, Sums = Sums }, Layout.Splits * Layout.Groups);
            int blocks = (int)((Layout.Positions + Block - 1) / Block);
            Pool.Run(new Total<TSimd, V> { Layout = Layout, K = Dy.Shape.C, Scale = Scale, Sums = Sums, Dw = Dw, Db = Db, Blocks = blocks }, Layout.Groups * blocks);
        }
    }

    /// <summary>One piece: one split of the rows, one group of output channels.</summary>
    private struct Strips<TSimd, V> : IWork
        where TSimd : unmanaged, ISimd<V>
        where V : unmanaged
    {
        public Layout Layout;
        public HostMap<float> X, Dy;
        public float* Sums;

        public readonly void Run(int piece)
        {
            int split = piece / Layout.Groups, group = piece % Layout.Groups;
            switch ((Layout.First(group + 1) - Layout.First(group)) / TSimd.Width)
            {
                case 1: Run<Size1>(split, group); break;
                case 2: Run<Size2>(split, group); break;
                case 3: Run<Size3>(split, group); break;
                default: Run<Size4>(split, group); break;
            }
        }

        private readonly void Run<TVectors>(int split, int group) where TVectors : struct, ISize
        {
            int h = X.Shape.H, w = X.Shape.W, c = X.Shape.C, k = Dy.Shape.C, first = Layout.First(group), lanes = TVectors.Value * TSimd.Width;
            float* start = Sums + split * Layout.SplitLength, sums = start + Layout.Positions * first, copy = start + Layout.CopyOffset;
            new Span<float>(sums, (int)(Layout.Positions * lanes)).Clear();
            float one = 1;
            long rows = (long)X.Shape.N * h, end = rows * (split + 1) / Layout.Splits;
            for (long row = rows * split / Layout.Splits, next; row < end; row = next)
            {
                int n = (int)(row / h), y = (int)(row % h);
                next = Math.Min(Math.Min(end, row + Layout.StripRows), (n + 1L) * h);
                int below = y + (int)(next - row);
                float* dy = Dy.Row(n, y) + first;
                nint dyPixel = k, dyRow = (nint)Dy.Shape.RowPitch;
                if (first + lanes > k)
                {
                    Copy(n, y, below, first, lanes, copy);
                    dy = copy;
                    dyPixel = lanes;
                    dyRow = (nint)w * lanes;
                }
                for (int r = 0; r < 3; r++)
                {
                    // Rows of x outside the picture are zero and add nothing.
                    int top = Math.Max(y, 1 - r), bottom = Math.Min(below, h + 1 - r);
                    if (top >= bottom)
                        continue;
                    float* a = X.Border(n, top + r - 1), b = dy + (top - y) * dyRow;
                    int run = 3 * c, tiles = (run + Conv2dHostOuterTile.Positions - 1) / Conv2dHostOuterTile.Positions;
                    for (int tile = 0, at = 0, after; tile < tiles; tile++, at = after)
                    {
                        after = (int)((long)run * (tile + 1) / tiles);
                        Tile<TVectors>(after - at, a + at, c, (nint)X.Shape.RowPitch - (nint)w * c, b, dyPixel, dyRow - w * dyPixel, bottom - top, w, sums + ((long)r * run + at) * lanes, lanes);
                    }
                }
                Conv2dHostOuterTile.Run<TSimd, V, Size1, TVectors>(&one, 0, 0, dy, dyPixel, dyRow - w * dyPixel, below - y, w, sums + 9L * c * lanes, lanes);
            }
        }

        /// <summary>Copies a strip of the last channels of dy, zeros after them, so that nothing beside them is read.</summary>
        private readonly void Copy(int n, int y, int below, int first, int lanes, float* copy)
        {
            int k = Dy.Shape.C, used = k - first;
            for (; y < below; y++)
            {
                float* dy = Dy.Row(n, y) + first;
                for (int pixel = 0; pixel < Dy.Shape.W; pixel++, dy += k, copy += lanes)
                {
                    new Span<float>(dy, used).CopyTo(new Span<float>(copy, used));
                    new Span<float>(copy + used, lanes - used).Clear();
                }
            }
        }

        private static void Tile<TVectors>(int positions, float* a, nint aPixel, nint aSkip, float* b, nint bPixel, nint bSkip, int rows, int width, float* sums, nint stride)
            where TVectors : struct, ISize
        {
            switch (positions)
            {
                case 1: Conv2dHostOuterTile.Run<TSimd, V, Size1, TVectors>(a, aPixel, aSkip, b, bPixel, bSkip, rows, width, sums, stride); break;
                case 2: Conv2dHostOuterTile.Run<TSimd, V, Size2, TVectors>(a, aPixel, aSkip, b, bPixel, bSkip, rows, width, sums, stride); break;
                case 3: Conv2dHostOuterTile.Run<TSimd, V, Size3, TVectors>(a, aPixel, aSkip, b, bPixel, bSkip, rows, width, sums, stride); break;
                case 4: Conv2dHostOuterTile.Run<TSimd, V, Size4, TVectors>(a, aPixel, aSkip, b, bPixel, bSkip, rows, width, sums, stride); break;
                case 5: Conv2dHostOuterTile.Run<TSimd, V, Size5, TVectors>(a, aPixel, aSkip, b, bPixel, bSkip, rows, width, sums, stride); break;
                default: Conv2dHostOuterTile.Run<TSimd, V, Size6, TVectors>(a, aPixel, aSkip, b, bPixel, bSkip, rows, width, sums, stride); break;
            }
        }
    }

    /// <summary>One piece: a block of positions of one group, over all splits in order.</summary>
    private struct Total<TSimd, V> : IWork
        where TSimd : unmanaged, ISimd<V>
        where V : unmanaged
    {
        public Layout Layout;
        public int K, Blocks;
        public float Scale;
        public float* Sums, Dw, Db;

        public readonly void Run(int piece)
        {
            int group = piece / Blocks, first = Layout.First(group), lanes = Layout.First(group + 1) - first;
            long filter = Layout.Positions - 1, begin = (long)(piece % Blocks) * Block, end = Math.Min(begin + Block, Layout.Positions);
            float* total = Sums + Layout.Positions * first + begin * lanes;
            for (long i = 0; i < (end - begin) * lanes; i += TSimd.Width)
            {
                V sum = TSimd.Load(total + i);
                for (int split = 1; split < Layout.Splits; split++)
                    sum = TSimd.Add(sum, TSimd.Load(total + i + split * Layout.SplitLength));
                TSimd.Store(sum, total + i);
            }
            for (int lane = 0; lane < Math.Min(lanes, K - first); lane++)
            {
                float* dw = Dw + (first + lane) * filter;
                for (long at = begin; at < Math.Min(end, filter); at++)
                    dw[at] += Scale * total[(at - begin) * lanes + lane];
                if (end > filter)
                    Db[first + lane] += Scale * total[(filter - begin) * lanes + lane];
            }
        }
    }
}
