using System.Runtime.CompilerServices;
using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The convolution as a matrix product (M pixels, N output channels, K = 9·C) that is never laid out as one: a group of 128
/// threads computes a tile of pixels × channels and walks the input channels in slices of four. Of each slice it copies the
/// tile's pixels with their halo, channel by channel in planes, and the filter's part to shared memory; a thread then sums 8
/// pixels of a row × 8 channels in registers. For one filter row and channel ten pixels and 3·8 filter values, nine vector
/// loads in all, serve 192 multiply-adds.
/// <para>
/// Shared memory: 16·((Rows + 2)·4·(Columns/4 + 1) + 9·Channels) bytes, 12,416 for 8×16×64, 10,368 for 16×16×32 and 12,672 for
/// 16×32×16. Slices of four channels, and not more, leave room for four groups on a multiprocessor: while one waits at its
/// barrier, the others compute.
/// </para>
/// <para>
/// C and K/r² a multiple of 4 (16-byte accesses), K more than half a tile's channels. Improves on
/// <see cref="Conv2dFpropDirectQuads"/>, whose threads each load all they need from global memory.
/// </para>
/// <para>
/// Every sum takes its terms in one order, wherever in a tile, a range of rows or a ring it lies.
/// </para>
/// </summary>
/// <typeparam name="TTile">Pixels and channels of a group.</typeparam>
internal sealed class Conv2dFpropImplicitGemm<TTile>()
    : Conv2dFpropAccelerator<Float4, Float4>(Run<Bias>, Run<BiasRelu>, Run<BiasScaledResidual>, Run<ReluMask>)
    where TTile : struct, IConv2dTile
{
    /// <summary>Input channels of a slice.</summary>
    private const int Slice = 4;

    public override string Name => $"implicit-gemm-{TTile.Rows}x{TTile.Columns}x{TTile.Channels}";

    public override Conv2dInnerLoops InnerLoops => new([3 * Slice], 3 * 64);

    /// <summary>Pixels that a thread copies of the tile's first Rows × Columns.</summary>
    private static int Inner => TTile.Rows * TTile.Columns / Threads;

    /// <summary>Pixels of the tile's last two rows and columns, its halo; a thread copies one at most.</summary>
    private static int Outer => 2 * TTile.Columns + 2 * (TTile.Rows + 2);

    /// <summary>Quads of one row of one channel in shared memory.</summary>
    private static int InputQuads => TTile.Columns / 4 + 1;

    /// <summary>Rows from one of a thread's inner pixels to the next.</summary>
    private static int InnerStep => Threads / TTile.Columns;

    /// <summary>Floats of one row of the slice's channels in shared memory.</summary>
    private static int InputRow => Slice * InputQuads * 4;

    /// <summary>Quads of a tile's output channels.</summary>
    private static int ChannelQuads => TTile.Channels / 4;

    /// <summary>Threads along a tile's output channels.</summary>
    private static int ChannelGroups => TTile.Channels / 8;

    /// <summary>Quads of a slice of the filter.</summary>
    private static int FilterQuads => 9 * Slice * ChannelQuads;

    public override bool Supports(Conv2dShape shape, Epilogue epilogue) =>
        shape.C % 4 == 0 && epilogue.Output(shape).C % 4 == 0 && shape.K > TTile.Channels / 2;

    /// <summary>For each tile's channels: bias [Channels], then filter [C/4][3][4][3][Channels]; zeros beyond K.</summary>
    public override float[] Pack(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Conv2dShape shape)
    {
        int c = shape.C, k = shape.K, tile = TTile.Channels;
        var packed = new float[checked((k + tile - 1) / tile * tile * (1 + 9 * c))];
        int at = 0;
        for (int first = 0; first < k; first += tile)
        {
            int used = Math.Min(tile, k - first);
            bias.Slice(first, used).CopyTo(packed.AsSpan(at));
            at += tile;
            for (int slice = 0; slice < c; slice += Slice)
                for (int r = 0; r < 3; r++)
                    for (int channel = slice; channel < slice + Slice; channel++)
                        for (int s = 0; s < 3; s++, at += tile)
                            for (int q = 0; q < used; q++)
                                packed[at + q] = filter[(((first + q) * 3 + r) * 3 + s) * c + channel];
        }
        return packed;
    }

    protected override int Groups(ref Conv2dArguments g, Conv2dShape shape)
    {
        g.Slices = shape.C / Slice;
        g.TilesX = (shape.W + TTile.Columns - 1) / TTile.Columns;
        g.TilesY = (g.Y1 - g.Y0 + TTile.Rows - 1) / TTile.Rows;
        g.TilesK = (shape.K + TTile.Channels - 1) / TTile.Channels;
        return checked(shape.N * g.TilesY * g.TilesX * g.TilesK);
    }

    private static void Run<TEpilogue>(ArrayView<Float4> x, ArrayView<Float4> filter, ArrayView<Float4> residual, ArrayView<Float4> y, Conv2dArguments g)
        where TEpilogue : struct, IEpilogue
    {
        var input = SharedMemory.Allocate<Float4>((TTile.Rows + 2) * Slice * InputQuads);
        var weights = SharedMemory.Allocate<Float4>(FilterQuads);
        var inputScalars = input.Cast<float>();
        var inputPairs = input.Cast<Float2>();

        int thread = Group.IdxX;
        int channelGroup = thread & (ChannelGroups - 1), strip = thread / ChannelGroups;
        int row = strip / (TTile.Columns / 8), column = (strip & (TTile.Columns / 8 - 1)) * 8;

        // Tiles are counted channels first, then along a row: those that read the same pixels run at the same time.
        int tile = Grid.IdxX, tileX = tile / g.TilesK, tileK = tile - tileX * g.TilesK;
        int tileY = tileX / g.TilesX, left = (tileX - tileY * g.TilesX) * TTile.Columns;
        int n = tileY / g.TilesY, top = g.Y0 + (tileY - n * g.TilesY) * TTile.Rows;

        // Where the thread's pixels of the input's tile lie: some in its first columns, one below the other, and one in its last two
        // rows or columns. Named, for ptxas leaves an array of them in memory, and the sums with it.
        int innerRow = thread / TTile.Columns, innerColumn = thread & (TTile.Columns - 1);
        long inner0 = Locate(n, top + innerRow, left + innerColumn, g);
        long inner1 = Inner > 1 ? Locate(n, top + innerRow + InnerStep, left + innerColumn, g) : 0;
        long inner2 = Inner > 2 ? Locate(n, top + innerRow + 2 * InnerStep, left + innerColumn, g) : 0;
        long inner3 = Inner > 2 ? Locate(n, top + innerRow + 3 * InnerStep, left + innerColumn, g) : 0;
        long innerTo = Plane(innerRow, innerColumn);
        int outerRow = TTile.Rows + innerRow, outerColumn = innerColumn;
        if (thread >= 2 * TTile.Columns)
        {
            outerRow = (thread - 2 * TTile.Columns) / 2;
            outerColumn = TTile.Columns + (thread & 1);
        }
        long outer = Locate(n, top + outerRow, left + outerColumn, g), outerTo = Plane(outerRow, outerColumn);

        var sums = new float[64];
        var pixels = new float[10];
        var channels = new float[8];
        long weightFrom = (long)tileK * (ChannelQuads + (long)g.Slices * FilterQuads);
        for (int j = 0; j < 2; j++)
        {
            var bias = filter[weightFrom + channelGroup + j * ChannelGroups];
            for (int p = 0; p < 8; p++)
            {
                sums[p * 8 + j * 4] = bias.X;
                sums[p * 8 + j * 4 + 1] = bias.Y;
                sums[p * 8 + j * 4 + 2] = bias.Z;
                sums[p * 8 + j * 4 + 3] = bias.W;
            }
        }
        weightFrom += ChannelQuads + thread;

        for (int slice = 0; slice < g.Slices; slice++)
        {
            Copy(x[inner0++], inputScalars, innerTo);
            if (Inner > 1)
                Copy(x[inner1++], inputScalars, innerTo + InnerStep * InputRow);
            if (Inner > 2)
            {
                Copy(x[inner2++], inputScalars, innerTo + 2 * InnerStep * InputRow);
                Copy(x[inner3++], inputScalars, innerTo + 3 * InnerStep * InputRow);
            }
            if (thread < Outer)
                Copy(x[outer], inputScalars, outerTo);
            outer++;
            long weightTo = thread, weightAt = weightFrom;
            for (int i = 0; i < FilterQuads / Threads; i++)
            {
                weights[weightTo] = filter[weightAt];
                weightTo += Threads;
                weightAt += Threads;
            }
            if (thread < FilterQuads - FilterQuads / Threads * Threads)
                weights[weightTo] = filter[weightAt];
            weightFrom += FilterQuads;
            Group.Barrier();

            long inputAt = row * Slice * InputQuads + column / 4, channelAt = channelGroup;
            for (int i = 0; i < 3 * Slice; i++)
            {
                for (int j = 0; j < 2; j++)
                {
                    var quad = input[inputAt + j];
                    pixels[j * 4] = quad.X;
                    pixels[j * 4 + 1] = quad.Y;
                    pixels[j * 4 + 2] = quad.Z;
                    pixels[j * 4 + 3] = quad.W;
                }
                var pair = inputPairs[inputAt * 2 + 4];
                pixels[8] = pair.X;
                pixels[9] = pair.Y;
                for (int s = 0; s < 3; s++)
                {
                    for (int j = 0; j < 2; j++)
                    {
                        var quad = weights[channelAt + s * ChannelQuads + j * ChannelGroups];
                        channels[j * 4] = quad.X;
                        channels[j * 4 + 1] = quad.Y;
                        channels[j * 4 + 2] = quad.Z;
                        channels[j * 4 + 3] = quad.W;
                    }
                    for (int p = 0; p < 8; p++)
                        for (int k = 0; k < 8; k++)
                            sums[p * 8 + k] += pixels[p + s] * channels[k];
                }
                inputAt += InputQuads;
                channelAt += 3 * ChannelQuads;
            }
            Group.Barrier();
        }

        if (top + row < g.Y1)
        {
            Store<TEpilogue>(sums, 0, n, top + row, left + column, tileK * ChannelQuads + channelGroup, residual, y, g);
            Store<TEpilogue>(sums, 4, n, top + row, left + column, tileK * ChannelQuads + channelGroup + ChannelGroups, residual, y, g);
        }
    }

    /// <summary>Where a pixel of the input's tile lies; it counts rows and columns from the border on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long Locate(int n, int row, int column, Conv2dArguments g) =>
        row > g.InputBegin && row <= g.InputEnd && column < g.Width + 2
            ? g.X.Border(n, row - 1) + column * (long)g.X.Pixel
            : 0; // Zeros stand where there is no input: those of the very first border pixel.

    /// <summary>Where in shared memory a pixel of the tile lies, in its first channel's plane.</summary>
    private static int Plane(int row, int column) => row * InputRow + column;

    /// <summary>Stores four channels of a pixel, each in its own plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(Float4 quad, ArrayView<float> input, long to)
    {
        input[to] = quad.X;
        input[to + InputQuads * 4] = quad.Y;
        input[to + InputQuads * 8] = quad.Z;
        input[to + InputQuads * 12] = quad.W;
    }

    /// <summary>Stores one quad of channels of the thread's eight pixels. Written out: in a loop of stores the sums would go to memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TEpilogue>(float[] sums, int first, int n, int row, int column, int k, ArrayView<Float4> residual, ArrayView<Float4> y, Conv2dArguments g)
        where TEpilogue : struct, IEpilogue
    {
        if (k >= g.K)
            return;
        long step = g.Y.Run, at = g.Y.At(n, row, k) + column * step, addend = g.Residual.At(n, row, k) + column * step;
        if (column < g.Width)
            y[at] = TEpilogue.Apply<Float4, QuadLanes>(Quad(sums, first), g.Scale, residual, addend);
        if (column + 1 < g.Width)
            y[at + step] = TEpilogue.Apply<Float4, QuadLanes>(Quad(sums, first + 8), g.Scale, residual, addend + step);
        if (column + 2 < g.Width)
            y[at + step * 2] = TEpilogue.Apply<Float4, QuadLanes>(Quad(sums, first + 16), g.Scale, residual, addend + step * 2);
        if (column + 3 < g.Width)
            y[at + step * 3] = TEpilogue.Apply<Float4, QuadLanes>(Quad(sums, first + 24), g.Scale, residual, addend + step * 3);
        if (column + 4 < g.Width)
            y[at + step * 4] = TEpilogue.Apply<Float4, QuadLanes>(Quad(sums, first + 32), g.Scale, residual, addend + step * 4);
        if (column + 5 < g.Width)
            y[at + step * 5] = TEpilogue.Apply<Float4, QuadLanes>(Quad(sums, first + 40), g.Scale, residual, addend + step * 5);
        if (column + 6 < g.Width)
            y[at + step * 6] = TEpilogue.Apply<Float4, QuadLanes>(Quad(sums, first + 48), g.Scale, residual, addend + step * 6);
        if (column + 7 < g.Width)
            y[at + step * 7] = TEpilogue.Apply<Float4, QuadLanes>(Quad(sums, first + 56), g.Scale, residual, addend + step * 7);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Float4 Quad(float[] sums, int first) =>
        new() { X = sums[first], Y = sums[first + 1], Z = sums[first + 2], W = sums[first + 3] };
}
