namespace EdsrIlgpu.Kernels;

/// <summary>
/// Direct convolution in register tiles (<see cref="Conv2dHostTile"/>): vectors along the output channels, pixels of a row beside
/// each other, the whole reduction in registers. Any C, any K. A row's width is split evenly over tiles of 1 to 6 pixels, so
/// there are no edge pixels. PixelShuffle costs nothing: for one i its r·C channels are one run of an output row, so a shuffled
/// convolution is r plain ones that write to different rows.
/// </summary>
internal sealed unsafe class Conv2dFpropHostDirect : Conv2dFpropHost
{
    /// <summary>Pixels in the widest tile.</summary>
    public const int TilePixels = 6;

    // Columns of one piece of work: enough tiles to forget the piece's start, few enough to share one row among many cores.
    private const int PieceWidth = 192;

    public override string Name => "direct";

    public override double MaxNmse => 4e-12;

    public override bool Supports(HostDevice device, Conv2dShape shape, Epilogue epilogue) => true;

    public override HostFilter Pack(HostDevice device, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Conv2dShape shape, Epilogue epilogue)
    {
        var (width, tileVectors) = HostVectors.Of(device);
        int run = shape.K / epilogue.Shuffle, taps = 9 * shape.C;
        var memory = new AlignedMemory<float>((long)epilogue.Shuffle * ((run + width - 1) / width) * width * (1 + taps));
        float* p = memory.Address;
        for (int i = 0; i < epilogue.Shuffle; i++)
            for (int first = 0, lanes; first < run; first += lanes)
            {
                lanes = Math.Min(tileVectors, (run - first + width - 1) / width) * width;
                int used = Math.Min(lanes, run - first), k = i * run + first;
                bias.Slice(k, used).CopyTo(new Span<float>(p, used));
                p += lanes;
                for (int tap = 0; tap < taps; tap++, p += lanes)
                    for (int lane = 0; lane < used; lane++)
                        p[lane] = filter[(k + lane) * taps + tap];
            }
        return new HostFilter(Name, device.Simd, shape, epilogue, memory);
    }

    public override void Run(HostDevice device, in HostMap<float> x, HostFilter filter, Epilogue epilogue, in HostMap<float> residual, in HostMap<float> y, int y0, int y1) =>
        Dispatch(device.Simd, epilogue, new Launch { Pool = device.Pool, X = x, Packed = filter.Memory.Address, Shuffle = epilogue.Shuffle, Residual = residual, Y = y, FirstRow = y0, RowCount = y1 - y0 });

    private struct Launch : ILaunch
    {
        public WorkerPool Pool;
        public HostMap<float> X, Y, Residual;
        public float* Packed;
        public int Shuffle, FirstRow, RowCount;

        public readonly void Run<TSimd, V, TEpilogue>(TEpilogue epilogue)
            where TSimd : unmanaged, ISimd<V>
            where V : unmanaged
            where TEpilogue : unmanaged, IHostEpilogue
        {
            int columns = (X.Shape.W + PieceWidth - 1) / PieceWidth;
            Pool.Run(
                new Rows<TSimd, V, TEpilogue>
                {
                    X = X,
                    Y = Y,
                    Residual = Residual,
                    Packed = Packed,
                    Epilogue = epilogue,
                    Shuffle = Shuffle,
                    FirstRow = FirstRow,
                    RowCount = RowCount,
                    Columns = columns,
                },
                X.Shape.N * RowCount * columns);
        }
    }

    /// <summary>One piece: a stretch of one row, all output channels.</summary>
    private struct Rows<TSimd, V, TEpilogue> : IWork
        where TSimd : unmanaged, ISimd<V>
        where V : unmanaged
        where TEpilogue : unmanaged, IHostEpilogue
    {
        public HostMap<float> X, Y, Residual;
        public float* Packed;
        public TEpilogue Epilogue;
        public int Shuffle, FirstRow, RowCount, Columns;

        public readonly void Run(int piece)
        {
            int n = piece / (RowCount * Columns), row = FirstRow + piece / Columns % RowCount, column = piece % Columns;
            int w = X.Shape.W, c = X.Shape.C, run = Y.Shape.C * Shuffle;
            int x0 = (int)((long)w * column / Columns), x1 = (int)((long)w * (column + 1) / Columns);
            float* above = X.Border(n, row - 1), here = X.Border(n, row), below = X.Border(n, row + 1);
            float* packed = Packed;
            for (int i = 0; i < Shuffle; i++)
            {
                float* y = Y.Row(n, row * Shuffle + i);
                float* residual = Residual.IsEmpty ? null : Residual.Row(n, row * Shuffle + i);
                for (int first = 0, lanes; first < run; first += lanes)
                {
                    int vectors = Math.Min(TSimd.TileVectors, (run - first + TSimd.Width - 1) / TSimd.Width);
                    lanes = vectors * TSimd.Width;
                    int used = Math.Min(lanes, run - first);
                    int tiles = (x1 - x0 + TilePixels - 1) / TilePixels;
                    for (int tile = 0, at = x0, next; tile < tiles; tile++, at = next)
                    {
                        next = x0 + (int)((long)(x1 - x0) * (tile + 1) / tiles);
                        long input = (long)at * c, output = (long)at * run + first;
                        if (used == lanes)
                            Tile(next - at, vectors, above + input, here + input, below + input, c, packed, y + output, residual + output, run, Epilogue);
                        else
                            PartialTile(next - at, vectors, used, above + input, here + input, below + input, c, packed, y + output, residual + output, run);
                    }
                    packed += lanes * (1 + 9L * c);
                }
            }
        }

        /// <summary>A tile whose last vector is wider than what is left of the run: through a buffer, so that nothing beside the run is touched.</summary>
        private readonly void PartialTile(int pixels, int vectors, int used, float* above, float* here, float* below, int c, float* packed, float* y, float* residual, int run)
        {
            float* sums = stackalloc float[TilePixels * 4 * 16];
            float* addends = stackalloc float[TilePixels * 4 * 16];
            int lanes = vectors * TSimd.Width;
            if (!Residual.IsEmpty)
                for (int p = 0; p < pixels; p++)
                    new Span<float>(residual + (long)p * run, used).CopyTo(new Span<float>(addends + p * lanes, lanes));
            Tile(pixels, vectors, above, here, below, c, packed, sums, addends, lanes, Epilogue);
            for (int p = 0; p < pixels; p++)
                new Span<float>(sums + p * lanes, used).CopyTo(new Span<float>(y + (long)p * run, used));
        }

        private static void Tile(int pixels, int vectors, float* above, float* here, float* below, int c, float* packed, float* y, float* residual, int stride, TEpilogue epilogue)
        {
            switch (vectors)
            {
                case 1: Tile<Size1>(pixels, above, here, below, c, packed, y, residual, stride, epilogue); break;
                case 2: Tile<Size2>(pixels, above, here, below, c, packed, y, residual, stride, epilogue); break;
                case 3: Tile<Size3>(pixels, above, here, below, c, packed, y, residual, stride, epilogue); break;
                default: Tile<Size4>(pixels, above, here, below, c, packed, y, residual, stride, epilogue); break;
            }
        }

        private static void Tile<TVectors>(int pixels, float* above, float* here, float* below, int c, float* packed, float* y, float* residual, int stride, TEpilogue epilogue)
            where TVectors : struct, ISize
        {
            switch (pixels)
            {
                case 1: Conv2dHostTile.Run<TSimd, V, Size1, TVectors, TEpilogue>(above, here, below, c, packed, y, residual, stride, epilogue); break;
                case 2: Conv2dHostTile.Run<TSimd, V, Size2, TVectors, TEpilogue>(above, here, below, c, packed, y, residual, stride, epilogue); break;
                case 3: Conv2dHostTile.Run<TSimd, V, Size3, TVectors, TEpilogue>(above, here, below, c, packed, y, residual, stride, epilogue); break;
                case 4: Conv2dHostTile.Run<TSimd, V, Size4, TVectors, TEpilogue>(above, here, below, c, packed, y, residual, stride, epilogue); break;
                case 5: Conv2dHostTile.Run<TSimd, V, Size5, TVectors, TEpilogue>(above, here, below, c, packed, y, residual, stride, epilogue); break;
                default: Conv2dHostTile.Run<TSimd, V, Size6, TVectors, TEpilogue>(above, here, below, c, packed, y, residual, stride, epilogue); break;
            }
        }
    }
}
