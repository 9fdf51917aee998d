namespace EdsrIlgpu.Kernels;

/// <summary>
/// Convolution to at most four channels, EDSR's last: with so few outputs a vector along them is nearly empty, so vectors run
/// along the 3·C inputs of a filter row and are summed at the end (<see cref="Conv2dHostDotTile"/>). 3·C must be a multiple of the
/// vector's width. Improves on <see cref="Conv2dFpropHostDirect"/>.
/// </summary>
internal sealed unsafe class Conv2dFpropHostDot : Conv2dFpropHost
{
    private const int MaxChannels = 4;

    public override string Name => "dot";

    public override double MaxNmse => 4e-12;

    public override bool Supports(HostDevice device, Conv2dShape shape, Epilogue epilogue) =>
        shape.K <= MaxChannels && epilogue.Shuffle == 1 && 3 * shape.C % HostVectors.Of(device).Width == 0;

    public override HostFilter Pack(HostDevice device, ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Conv2dShape shape, Epilogue epilogue)
    {
        int width = HostVectors.Of(device).Width, run = 3 * shape.C, k = shape.K;
        var memory = new AlignedMemory<float>(filter.Length + bias.Length);
        float* p = memory.Address;
        for (int r = 0; r < 3; r++)
            for (int first = 0; first < run; first += width)
                for (int channel = 0; channel < k; channel++, p += width)
                    filter.Slice((channel * 3 + r) * run + first, width).CopyTo(new Span<float>(p, width));
        bias.CopyTo(new Span<float>(p, k));
        return new HostFilter(Name, device.Simd, shape, epilogue, memory);
    }

    public override void Run(HostDevice device, in HostMap<float> x, HostFilter filter, Epilogue epilogue, in HostMap<float> residual, in HostMap<float> y, int y0, int y1) =>
        Dispatch(device.Simd, epilogue, new Launch { Pool = device.Pool, X = x, Packed = filter.Memory.Address, Residual = residual, Y = y, FirstRow = y0, RowCount = y1 - y0 });

    private struct Launch : ILaunch
    {
        public WorkerPool Pool;
        public HostMap<float> X, Y, Residual;
        public float* Packed;
        public int FirstRow, RowCount;

        public readonly void Run<TSimd, V, TEpilogue>(TEpilogue epilogue)
            where TSimd : unmanaged, ISimd<V>
            where V : unmanaged
            where TEpilogue : unmanaged, IHostEpilogue =>
            Pool.Run(
                new Rows<TSimd, V, TEpilogue> { X = X, Y = Y, Residual = Residual, Packed = Packed, Epilogue = epilogue, FirstRow = FirstRow, RowCount = RowCount },
                X.Shape.N * RowCount);
    }

    /// <summary>One piece: one row.</summary>
    private struct Rows<TSimd, V, TEpilogue> : IWork
        where TSimd : unmanaged, ISimd<V>
        where V : unmanaged
        where TEpilogue : unmanaged, IHostEpilogue
    {
        public HostMap<float> X, Y, Residual;
        public float* Packed;
        public TEpilogue Epilogue;
        public int FirstRow, RowCount;

        public readonly void Run(int piece)
        {
            switch (Y.Shape.C)
            {
                case 1: Run<Size1>(piece); break;
                case 2: Run<Size2>(piece); break;
                case 3: Run<Size3>(piece); break;
                default: Run<Size4>(piece); break;
            }
        }

        private readonly void Run<TChannels>(int piece) where TChannels : struct, ISize
        {
            int n = piece / RowCount, row = FirstRow + piece % RowCount, w = X.Shape.W, c = X.Shape.C, k = TChannels.Value;
            float* above = X.Border(n, row - 1), here = X.Border(n, row), below = X.Border(n, row + 1);
            float* y = Y.Row(n, row);
            float* residual = Residual.IsEmpty ? null : Residual.Row(n, row);
            float* bias = Packed + 9L * c * k;
            float* sums = stackalloc float[Conv2dHostDotTile.Pixels * MaxChannels];
            for (int at = 0, pixels; at < w; at += pixels)
            {
                long input = (long)at * c;
                pixels = Math.Min(Conv2dHostDotTile.Pixels, w - at);
                switch (pixels)
                {
                    case 1: Conv2dHostDotTile.Run<TSimd, V, Size1, TChannels>(above + input, here + input, below + input, c, Packed, sums); break;
                    case 2: Conv2dHostDotTile.Run<TSimd, V, Size2, TChannels>(above + input, here + input, below + input, c, Packed, sums); break;
                    case 3: Conv2dHostDotTile.Run<TSimd, V, Size3, TChannels>(above + input, here + input, below + input, c, Packed, sums); break;
                    default: Conv2dHostDotTile.Run<TSimd, V, Size4, TChannels>(above + input, here + input, below + input, c, Packed, sums); break;
                }
                for (int i = 0; i < pixels * k; i++)
                    y[(long)at * k + i] = Epilogue.Apply(sums[i] + bias[i % k], residual + (long)at * k + i);
            }
        }
    }
}
