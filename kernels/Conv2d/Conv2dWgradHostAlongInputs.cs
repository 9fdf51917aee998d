namespace EdsrIlgpu.Kernels;

/// <summary>
/// Gradients of filter and bias where there are few output channels, as in EDSR's last convolution: vectors along them would be
/// nearly empty, so in the same register tiles (<see cref="Conv2dHostOuterTile"/>) dy is broadcast and the vectors run along the
/// 3·C floats of x that a filter row meets, which must be a multiple of the vector's width. Improves on
/// <see cref="Conv2dWgradHostAlongOutputs"/>.
/// </summary>
internal sealed unsafe class Conv2dWgradHostAlongInputs : Conv2dWgradHost
{
    public override string Name => "along-inputs";

    public override double MaxNmse => 4e-12;

    public override bool Supports(HostDevice device, Conv2dShape shape) =>
        shape.K <= Conv2dHostOuterTile.Positions && 3 * shape.C % HostVectors.Of(device).Width == 0;

    public override long WorkspaceElements(HostDevice device, Conv2dShape shape)
    {
        var layout = new Layout(HostVectors.Of(device), shape);
        return layout.Splits * layout.SplitLength;
    }

    public override void Run(HostDevice device, Conv2dShape shape, in HostMap<float> x, in HostMap<float> dy, float scale, float* workspace, float* dw, float* db) =>
        Dispatch(device.Simd, new Launch { Pool = device.Pool, Layout = new(HostVectors.Of(device), shape), X = x, Dy = dy, Scale = scale, Sums = workspace, Dw = dw, Db = db });

    /// <summary>How the work is cut: a split of the batch's rows has sums of [K][9·C], as the filter, and behind them a vector for each bias.</summary>
    private readonly struct Layout
    {
        private readonly int vectors, width;

        public Layout(HostVectors simd, Conv2dShape shape)
        {
            Shape = shape;
            width = simd.Width;
            vectors = simd.Count(3 * shape.C);
            Groups = (vectors + simd.Tile - 1) / simd.Tile;
            SplitLength = shape.FilterLength + (long)shape.K * width;
            Splits = Splits(shape, 1, SplitLength);
        }

        public Conv2dShape Shape { get; }

        /// <summary>Groups of vectors of a run, as wide as a tile.</summary>
        public int Groups { get; }

        public int Splits { get; }

        public long SplitLength { get; }

        /// <summary>First position of a group.</summary>
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
            Pool.Run(new Partial<TSimd, V> { Layout = Layout, X = X, Dy = Dy, Sums = Sums }, Layout.Splits);
            Pool.Run(new Total<TSimd, V> { Layout = Layout, Scale = Scale, Sums = Sums, Dw = Dw, Db = Db }, Layout.Shape.K);
        }
    }

    /// <summary>One piece: the sums of one split of the rows.</summary>
    private struct Partial<TSimd, V> : IWork
        where TSimd : unmanaged, ISimd<V>
        where V : unmanaged
    {
        public Layout Layout;
        public HostMap<float> X, Dy;
        public float* Sums;

        public readonly void Run(int split)
        {
            var (_, h, w, c, k) = Layout.Shape;
            float* sums = Sums + split * Layout.SplitLength, bias = sums + Layout.Shape.FilterLength;
            new Span<float>(sums, (int)Layout.SplitLength).Clear();
            float* ones = stackalloc float[TSimd.Width];
            new Span<float>(ones, TSimd.Width).Fill(1);
            var strips = new Strips(Layout.Shape, split, Layout.Splits);
            while (strips.Next(out var strip))
            {
                var dy = new PixelBlock(Dy.Row(strip.N, strip.Y), k, (nint)Dy.Shape.RowPitch);
                for (int r = 0; r < 3; r++)
                {
                    var inside = strip.Inside(r, h);
                    int rows = inside.End - inside.Y;
                    if (rows <= 0)
                        continue;
                    var x = new PixelBlock(X.Border(strip.N, inside.Y + r - 1), c, (nint)X.Shape.RowPitch);
                    var gradient = dy.At(inside.Y - strip.Y, 0);
                    for (int group = 0; group < Layout.Groups; group++)
                    {
                        int first = Layout.First(group), vectors = (Layout.First(group + 1) - first) / TSimd.Width;
                        Conv2dHostOuterTile.Run<TSimd, V>(k, vectors, gradient, x.At(0, first), rows, w, sums + 3L * c * r + first, 9 * c);
                    }
                }
                Conv2dHostOuterTile.Run<TSimd, V>(k, 1, dy, new PixelBlock(ones, 0, 0), strip.End - strip.Y, w, bias, TSimd.Width);
            }
        }
    }

    /// <summary>One piece: one output channel, over all splits in order.</summary>
    private struct Total<TSimd, V> : IWork
        where TSimd : unmanaged, ISimd<V>
        where V : unmanaged
    {
        public Layout Layout;
        public float Scale;
        public float* Sums, Dw, Db;

        public readonly void Run(int channel)
        {
            long filter = 9L * Layout.Shape.C;
            float* sums = Sums + channel * filter, dw = Dw + channel * filter;
            for (long i = 0; i < filter; i += TSimd.Width)
            {
                V sum = TSimd.Load(sums + i);
                for (int split = 1; split < Layout.Splits; split++)
                    sum = TSimd.Add(sum, TSimd.Load(sums + i + split * Layout.SplitLength));
                TSimd.Store(TSimd.MultiplyAdd(sum, TSimd.Broadcast(Scale), TSimd.Load(dw + i)), dw + i);
            }
            float* biases = Sums + Layout.Shape.FilterLength + (long)channel * TSimd.Width; // In every lane the same.
            float bias = 0;
            for (int split = 0; split < Layout.Splits; split++)
                bias += biases[split * Layout.SplitLength];
            Db[channel] += Scale * bias;
        }
    }
}
