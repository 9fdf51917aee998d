using System.Runtime.CompilerServices;
using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The gradient as a matrix product (M output channels, N = 9·C, K pixels) whose reduction is split: a group takes a tile of output
/// channels × 32 input channels × 9 taps and walks its part of the batch in tiles of 4×16 pixels. Of each it copies the gradient
/// and the input, this with its halo and channel by channel in planes, to shared memory. A thread sums 8 output channels × 9 taps
/// of one input channel in registers. The threads of a warp have the same output channels, so that they read the gradient by
/// broadcast, and neighbouring input channels, whose planes are an odd number of quads long, so that no two of them read the same
/// bank. For four pixels eight quads of the gradient and three quads and pairs of the input serve 288 multiply-adds. The bias is
/// summed on the way, from the gradient's tile.
/// <para>
/// Shared memory: 15,360 bytes for the input and 256 for each output channel: 31,744 for 64, 23,552 for 32 and 19,456 for 16. C
/// and K multiples of 4 (16-byte accesses), K more than half a tile's channels; a picture's offsets fit 32 bits, which spares
/// registers and instructions. Improves on <see cref="Conv2dWgradDirect"/>, whose threads each load all they need from global
/// memory.
/// </para>
/// </summary>
/// <typeparam name="TTile">Output channels of a group, eight for each of its warps.</typeparam>
internal sealed class Conv2dWgradImplicitGemm<TTile> : Conv2dWgradAccelerator where TTile : struct, ISize
{
    /// <summary>Pixels of a tile.</summary>
    private const int Rows = 4, Columns = 16;

    /// <summary>Input channels of a group, and quads of them.</summary>
    private const int Channels = 32, ChannelQuads = Channels / 4;

    /// <summary>Quads of a row of one input channel, with its halo; two floats before it bring its third column to a quad's start.</summary>
    private const int InputQuads = (2 + Columns + 2) / 4;

    /// <summary>Floats of one row of all input channels.</summary>
    private const int InputRow = Channels * InputQuads * 4;

    /// <summary>Quads of channels in the last two columns of the input's tile.</summary>
    private const int LastQuads = (Rows + 2) * 2 * ChannelQuads;

    private static readonly AcceleratorKernel<Float4, Float4, float, Conv2dWgradArguments> Definition = new(Run, Threads, 512 / Threads);

    public override string Name => $"implicit-gemm-{TTile.Value}x{Channels}";

    public override AcceleratorKernel Kernel => Definition;

    public override Conv2dInnerLoops InnerLoops => new([Rows, Columns / 4], 4 * 72);

    protected override int GroupsPerMultiprocessor => 512 / Threads;

    private static int Threads => TTile.Value / 8 * Channels;

    /// <summary>Quads of a tile's output channels.</summary>
    private static int GradientQuads => TTile.Value / 4;

    /// <summary>Rows from one of the input that a thread copies to the next.</summary>
    private static int InnerRowStep => Math.Max(1, Threads / (Columns * ChannelQuads));

    /// <summary>Quads that a thread copies of such a row, of its first columns.</summary>
    private static int InnerRounds => Math.Max(1, Columns * ChannelQuads / Threads);

    /// <summary>Rows from a thread's first quad of the last columns to its second.</summary>
    private static int LastRowStep => Threads / (2 * ChannelQuads);

    public override bool Supports(Conv2dShape shape) =>
        shape.C % 4 == 0 && shape.K % 4 == 0 && shape.K > TTile.Value / 2 && Extent(shape.H, Rows) * Extent(shape.W, Columns) * (Math.Max(shape.C, shape.K) / 4) <= int.MaxValue;

    protected override (int Tiles, int Groups) Work(Conv2dShape shape) =>
        (checked(shape.N * TilesX(shape.W) * TilesY(shape.H)), checked(TilesC(shape.C) * TilesK(shape.K)));

    protected override void Launch(
        AcceleratorDevice device, AcceleratorStream stream, int groups, in DeviceMap<float> x, in DeviceMap<float> dy, ArrayView<float> sums, Conv2dWgradArguments arguments)
    {
        arguments.X = new MapLayout(x.Shape, 4);
        arguments.Dy = new MapLayout(dy.Shape, 4);
        arguments.TilesX = TilesX(x.Shape.W);
        arguments.TilesY = TilesY(x.Shape.H);
        arguments.TilesC = TilesC(arguments.C);
        arguments.TilesK = TilesK(arguments.K);
        Definition.Launch(device, stream, groups, x.View.Cast<Float4>(), dy.View.Cast<Float4>(), sums, arguments);
    }

    /// <summary>Pixels along one side of whole tiles with their halo, and of a row's padding, none of which is more than a tile.</summary>
    private static long Extent(int pixels, int tile) => pixels + 2L * tile + 2;

    private static int TilesX(int width) => (width + Columns - 1) / Columns;

    private static int TilesY(int height) => (height + Rows - 1) / Rows;

    private static int TilesC(int c) => (c + Channels - 1) / Channels;

    private static int TilesK(int k) => (k + TTile.Value - 1) / TTile.Value;

    private static void Run(ArrayView<Float4> x, ArrayView<Float4> dy, ArrayView<float> sums, Conv2dWgradArguments g)
    {
        var input = SharedMemory.Allocate<Float4>((Rows + 2) * Channels * InputQuads);
        var gradient = SharedMemory.Allocate<Float4>(Rows * Columns * GradientQuads);
        var inputScalars = input.Cast<float>();
        var inputPairs = input.Cast<Float2>();
        var gradientScalars = gradient.Cast<float>();

        int thread = Group.IdxX, c = thread & (Channels - 1), warp = thread / Channels;

        // Channels first, so that groups that read the same pixels run at the same time.
        int block = Grid.IdxX / g.TilesC, tileC = Grid.IdxX - block * g.TilesC;
        int split = block / g.TilesK, tileK = block - split * g.TilesK;

        // A part is tiles that follow one another, one more in the first parts if they are not as many.
        int tiles = g.Tiles / g.Splits, longer = g.Tiles - tiles * g.Splits, tile = split * tiles + Math.Min(split, longer);
        if (split < longer)
            tiles++;
        int line = tile / g.TilesX, left = (tile - line * g.TilesX) * Columns;
        int n = line / g.TilesY, top = (line - n * g.TilesY) * Rows;

        var taps = new float[72];
        var window = new float[18];
        var channels = new float[8];
        for (int i = 0; i < 72; i++)
            taps[i] = 0;
        float bias = 0;

        for (; tiles > 0; tiles--)
        {
            CopyGradient(dy.SubView(n * g.Dy.Picture), g.Dy, top, left, tileK * GradientQuads, g.Width, g.Height, gradient);
            // Those that not all threads copy in between, which keeps ptxas from having more quads in registers at once than fit.
            var picture = x.SubView(n * g.X.Picture);
            CopyLast(picture, g.X, top, left, tileC * ChannelQuads, g.Width, g.Height, inputScalars);
            CopyInner(picture, g.X, top, left, tileC * ChannelQuads, g.Width, g.Height, inputScalars);
            Group.Barrier();

            // What of the tile lies outside the picture is left out, to a quarter of a row.
            int usedRows = Math.Min(Rows, g.Height - top), usedQuarters = Math.Min(Columns / 4, (g.Width - left + 3) / 4);
            long biasAt = thread / TTile.Value * 4 * TTile.Value + (thread & (TTile.Value - 1));
            for (int row = 0; row < usedRows; row++)
            {
                // A quarter of the row's pixels a thread.
                for (int i = 0; i < 4; i++)
                    bias += gradientScalars[biasAt + i * TTile.Value];
                biasAt += Columns * TTile.Value;

                long inputAt = (row * Channels + c) * InputQuads + 1, gradientAt = row * Columns * GradientQuads + warp * 2;
                for (int quarter = 0; quarter < usedQuarters; quarter++)
                {
                    for (int r = 0; r < 3; r++)
                    {
                        var pair = inputPairs[inputAt * 2 + r * Channels * InputQuads * 2 - 1];
                        window[r * 6] = pair.X;
                        window[r * 6 + 1] = pair.Y;
                        var values = input[inputAt + r * Channels * InputQuads];
                        window[r * 6 + 2] = values.X;
                        window[r * 6 + 3] = values.Y;
                        window[r * 6 + 4] = values.Z;
                        window[r * 6 + 5] = values.W;
                    }
                    for (int p = 0; p < 4; p++)
                    {
                        for (int j = 0; j < 2; j++)
                        {
                            var k = gradient[gradientAt + p * GradientQuads + j];
                            channels[j * 4] = k.X;
                            channels[j * 4 + 1] = k.Y;
                            channels[j * 4 + 2] = k.Z;
                            channels[j * 4 + 3] = k.W;
                        }
                        for (int r = 0; r < 3; r++)
                            for (int s = 0; s < 3; s++)
                                for (int j = 0; j < 8; j++)
                                    taps[j * 9 + r * 3 + s] += window[r * 6 + p + s] * channels[j];
                    }
                    inputAt++;
                    gradientAt += 4 * GradientQuads;
                }
            }
            Group.Barrier();

            left += Columns;
            if (left >= g.Width)
            {
                left = 0;
                top += Rows;
                if (top >= g.Height)
                {
                    top = 0;
                    n++;
                }
            }
        }

        c += tileC * Channels;
        int firstK = tileK * TTile.Value, ownK = firstK + warp * 8;
        if (c < g.C)
        {
            long at = split * g.SplitLength + 9L * g.C * ownK + c;
            for (int j = 0; j < 8; j++)
            {
                if (ownK + j >= g.K)
                    break;
                for (int i = 0; i < 9; i++)
                {
                    sums[at] = taps[j * 9 + i];
                    at += g.C;
                }
            }
        }

        // The quarters of the rows, in order.
        gradientScalars[thread] = bias;
        Group.Barrier();
        if (tileC == 0 && thread < TTile.Value && firstK + thread < g.K)
            sums[split * g.SplitLength + 9L * g.C * g.K + firstK + thread] =
                gradientScalars[thread] + gradientScalars[thread + TTile.Value] + gradientScalars[thread + 2 * TTile.Value] + gradientScalars[thread + 3 * TTile.Value];
    }

    /// <summary>Copies a tile of the gradient: a thread one quad of every row. Zeros stand where there is no pixel or channel: the picture's first border pixel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyGradient(ArrayView<Float4> dy, MapLayout layout, int top, int left, int firstQuad, int width, int height, ArrayView<Float4> gradient)
    {
        int column = Group.IdxX / GradientQuads, quad = firstQuad + Group.IdxX - column * GradientQuads, row = (int)layout.Row;
        column += left;
        int rows = column < width && quad < layout.Pixel ? height - top : 0, from = top * row + (column + 1) * layout.Pixel + quad;
        long to = Group.IdxX;
        for (int i = 0; i < Rows; i++)
        {
            gradient[to] = dy[i < rows ? from : 0];
            from += row;
            to += Threads;
        }
    }

    /// <summary>Copies the first columns of the input's tile: a thread one or two quads of all or every second row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyInner(ArrayView<Float4> x, MapLayout layout, int top, int left, int firstQuad, int width, int height, ArrayView<float> input)
    {
        int column = Group.IdxX & (Columns - 1), firstRow = InnerRowStep > 1 ? Group.IdxX / (Columns * ChannelQuads) : 0, row = (int)layout.Row;
        for (int round = 0; round < InnerRounds; round++)
        {
            int quad = (Group.IdxX / Columns & (ChannelQuads - 1)) + round * (Threads / Columns), y = top - 1 + firstRow;
            int rows = left + column < width + 2 && firstQuad + quad < layout.Pixel ? height : 0;
            int from = y * row + (left + column) * layout.Pixel + firstQuad + quad;
            long to = Plane(firstRow, quad) + column;
            for (int i = 0; i < (Rows + 2) / InnerRowStep; i++)
            {
                Store(x[(uint)y < (uint)rows ? from : 0], input, to);
                from += InnerRowStep * row;
                to += InnerRowStep * InputRow;
                y += InnerRowStep;
            }
        }
    }

    /// <summary>Copies the last two columns of the input's tile: some threads a quad, in a small group another of a lower row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyLast(ArrayView<Float4> x, MapLayout layout, int top, int left, int firstQuad, int width, int height, ArrayView<float> input)
    {
        int quad = Group.IdxX & (ChannelQuads - 1), column = Columns + (Group.IdxX / ChannelQuads & 1), firstRow = Group.IdxX / (2 * ChannelQuads), row = (int)layout.Row;
        int rows = left + column < width + 2 && firstQuad + quad < layout.Pixel ? height : 0, y = top - 1 + firstRow;
        int from = y * row + (left + column) * layout.Pixel + firstQuad + quad;
        long to = Plane(firstRow, quad) + column;
        if (Group.IdxX < LastQuads)
            Store(x[(uint)y < (uint)rows ? from : 0], input, to);
        if (Threads < LastQuads && Group.IdxX < LastQuads - Threads)
            Store(x[(uint)(y + LastRowStep) < (uint)rows ? from + LastRowStep * row : 0], input, to + LastRowStep * InputRow);
    }

    /// <summary>Where the input's tile has the first pixel of a row in a quad's first channel.</summary>
    private static int Plane(int row, int quad) => row * InputRow + quad * InputQuads * 16 + 2;

    /// <summary>Stores four channels of a pixel, each in its own plane.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Float4 values, ArrayView<float> input, long to)
    {
        input[to] = values.X;
        input[to + InputQuads * 4] = values.Y;
        input[to + InputQuads * 8] = values.Z;
        input[to + InputQuads * 12] = values.W;
    }
}
