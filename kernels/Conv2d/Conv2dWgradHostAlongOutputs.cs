namespace EdsrIlgpu.Kernels;

/// <summary>
/// Gradients of filter and bias in register tiles (<see cref="Conv2dHostOuterTile"/>) with vectors along the output channels.
/// The three taps of a filter row and their channels are one run of 3·C floats of x that begins at the pixel on the left, so for
/// each filter row the gradient is a [3·C × K] matrix, the sum over all pixels of run ⊗ dy: positions of the run are broadcast,
/// dy is loaded. The bias is one more position, of ones. Any C, any K.
/// </summary>
internal sealed unsafe class Conv2dWgradHostAlongOutputs : Conv2dWgradHost
{
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
    /// group sums of [9·C + 1][lanes], the bias last, and behind them room for a strip of dy if K fills no whole vectors.
    /// </summary>
    private readonly struct Layout
    {
        private readonly int vectors, width;

        public Layout(HostVectors simd, Conv2dShape shape)
        {
            Shape = shape;
            width = simd.Width;
            vectors = simd.Count(shape.K);
            Groups = (vectors + simd.Tile - 1) / simd.Tile;
            Positions = 9L * shape.C + 1;
            CopyOffset = Positions * vectors * width;
            SplitLength = CopyOffset + (shape.K % width == 0 ? 0 : (long)StripRows(shape) * shape.W * simd.Tile * width);
            Splits = Splits(shape, Groups, SplitLength);
        }

        public Conv2dShape Shape { get; }

        public int Groups { get; }

        public int Splits { get; }

        public long SplitLength { get; }

        public long CopyOffset { get; }

        public long Positions { get; }

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
            Pool.Run(new Partial<TSimd, V> { Layout = Layout, X = X, Dy = Dy, Sums = Sums }, Layout.Splits * Layout.Groups);
            int blocks = (int)((Layout.Positions + Block - 1) / Block);
            Pool.Run(new Total<TSimd, V> { Layout = Layout, Scale = Scale, Sums = Sums, Dw = Dw, Db = Db, Blocks = blocks }, Layout.Groups * blocks);
        }
    }

    /// <summary>One piece: the sums of one split of the rows, one group of output channels.</summary>
    private struct Partial<TSimd, V> : IWork
        where TSimd : unmanaged, ISimd<V>
        where V : unmanaged
    {
        public Layout Layout;
        public HostMap<float> X, Dy;
        public float* Sums;

        public readonly void Run(int piece)
        {
            var (_, h, w, c, k) = Layout.Shape;
            int split = piece / Layout.Groups, group = piece % Layout.Groups;
            int first = Layout.First(group), lanes = Layout.First(group + 1) - first, vectors = lanes / TSimd.Width;
            int run = 3 * c, tiles = (run + Conv2dHostOuterTile.Positions - 1) / Conv2dHostOuterTile.Positions;
            float* start = Sums + split * Layout.SplitLength, sums = start + Layout.Positions * first;
            new Span<float>(sums, (int)(Layout.Positions * lanes)).Clear();
            float one = 1;
            var strips = new Strips(Layout.Shape, split, Layout.Splits);
            while (strips.Next(out var strip))
            {
                var dy = first + lanes <= k
                    ? new PixelBlock(Dy.Row(strip.N, strip.Y) + first, k, (nint)Dy.Shape.RowPitch)
                    : Copy(strip, first, lanes, start + Layout.CopyOffset);
                for (int r = 0; r < 3; r++)
                {
                    var inside = strip.Inside(r, h);
                    int rows = inside.End - inside.Y;
                    if (rows <= 0)
                        continue;
                    var x = new PixelBlock(X.Border(strip.N, inside.Y + r - 1), c, (nint)X.Shape.RowPitch);
                    var gradient = dy.At(inside.Y - strip.Y, 0);
                    for (int tile = 0, at = 0, next; tile < tiles; tile++, at = next)
                    {
                        next = (int)((long)run * (tile + 1) / tiles);
                        Conv2dHostOuterTile.Run<TSimd, V>(next - at, vectors, x.At(0, at), gradient, rows, w, sums + ((long)r * run + at) * lanes, lanes);
                    }
                }
                Conv2dHostOuterTile.Run<TSimd, V>(1, vectors, new PixelBlock(&one, 0, 0), dy, strip.End - strip.Y, w, sums + 3L * run * lanes, lanes);
            }
        }

        /// <summary>Copies a strip of the last channels of dy, zeros after them, so that nothing beside them is read.</summary>
        private readonly PixelBlock Copy(Strip strip, int first, int lanes, float* copy)
        {
            int w = Dy.Shape.W, k = Dy.Shape.C, used = k - first;
            var block = new PixelBlock(copy, lanes, (nint)w * lanes);
            for (int y = strip.Y; y < strip.End; y++)
            {
                float* dy = Dy.Row(strip.N, y) + first;
                for (int pixel = 0; pixel < w; pixel++, dy += k, copy += lanes)
                {
                    new Span<float>(dy, used).CopyTo(new Span<float>(copy, used));
                    new Span<float>(copy + used, lanes - used).Clear();
                }
            }
            return block;
        }
    }

    /// <summary>One piece: a block of positions of one group, over all splits in order.</summary>
    private struct Total<TSimd, V> : IWork
        where TSimd : unmanaged, ISimd<V>
        where V : unmanaged
    {
        public Layout Layout;
        public int Blocks;
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
            for (int lane = 0; lane < Math.Min(lanes, Layout.Shape.K - first); lane++)
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
