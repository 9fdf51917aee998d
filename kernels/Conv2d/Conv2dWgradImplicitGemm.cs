using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The gradient as a matrix product (M output channels, N = 9·C, K pixels) whose reduction is split: a group takes a tile of output
/// channels × 32 input channels × 9 taps and walks its part of the batch in tiles of 4×16 pixels. Of each it copies the gradient
/// and the input, this with its halo, to shared memory. A thread sums 8 output channels × 9 taps of one input channel in
/// registers. The threads of a warp have the same output channels, so that they read the gradient by broadcast, 16 bytes at a
/// time, and neighbouring input channels. A window of 3×6 values of the input slides along the row: for four pixels twelve new
/// ones and eight quads of the gradient serve 288 multiply-adds. The groups of the first input channels sum the bias too, from
/// the gradient's tile.
/// <para>
/// Shared memory: 13,824 bytes for the input and 256 for each output channel: 30,208 for 64, 22,016 for 32 and 17,920 for 16. C
/// and K multiples of 4 (16-byte accesses), K more than half a tile's channels. Improves on <see cref="Conv2dWgradDirect"/>,
/// whose threads each load all they need from global memory.
/// </para>
/// </summary>
/// <typeparam name="TTile">Output channels of a group, eight for each of its warps.</typeparam>
internal sealed class Conv2dWgradImplicitGemm<TTile> : Conv2dWgradAccelerator where TTile : struct, ISize
{
    /// <summary>Pixels of a tile.</summary>
    private const int Rows = 4, Columns = 16;

    /// <summary>Pixels of a row with its halo.</summary>
    private const int InputColumns = Columns + 2;

    /// <summary>Input channels of a group, and quads of them.</summary>
    private const int Channels = 32, ChannelQuads = Channels / 4;

    /// <summary>Quads of a row of the input's tile.</summary>
    private const int InputRow = InputColumns * ChannelQuads;

    private static readonly AcceleratorKernel<Float4, Float4, float, Conv2dWgradArguments> Definition = new(Run, Threads, 512 / Threads);

    public override string Name => $"implicit-gemm-{TTile.Value}x{Channels}";

    public override AcceleratorKernel Kernel => Definition;

    protected override int GroupsPerMultiprocessor => 512 / Threads;

    private static int Threads => TTile.Value / 8 * Channels;

    /// <summary>Quads of a tile's output channels.</summary>
    private static int GradientQuads => TTile.Value / 4;

    public override bool Supports(Conv2dShape shape) => shape.C % 4 == 0 && shape.K % 4 == 0 && shape.K > TTile.Value / 2;

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

    private static int TilesX(int width) => (width + Columns - 1) / Columns;

    private static int TilesY(int height) => (height + Rows - 1) / Rows;

    private static int TilesC(int c) => (c + Channels - 1) / Channels;

    private static int TilesK(int k) => (k + TTile.Value - 1) / TTile.Value;

    private static void Run(ArrayView<Float4> x, ArrayView<Float4> dy, ArrayView<float> sums, Conv2dWgradArguments g)
    {
        var input = SharedMemory.Allocate<Float4>((Rows + 2) * InputRow);
        var gradient = SharedMemory.Allocate<Float4>(Rows * Columns * GradientQuads);
        var inputScalars = input.Cast<float>();
        var gradientScalars = gradient.Cast<float>();

        int thread = Group.IdxX, c = thread & (Channels - 1), warp = thread / Channels;

        // Channels first, so that groups that read the same pixels run at the same time.
        int block = Grid.IdxX / g.TilesC, tileC = Grid.IdxX - block * g.TilesC;
        int split = block / g.TilesK, tileK = block - split * g.TilesK;

        // The thread's quads in a row of the gradient's and of the input's tile.
        int column = thread / GradientQuads, quad = thread - column * GradientQuads;
        bool isGradient = tileK * GradientQuads + quad < g.Dy.Pixel;
        int quadC = tileC * ChannelQuads + (thread & (ChannelQuads - 1));
        bool isInput = quadC < g.X.Pixel;

        var taps = new float[72];
        var window = new float[18];
        var channels = new float[8];
        for (int i = 0; i < 72; i++)
            taps[i] = 0;
        float bias = 0;

        for (int tile = split; tile < g.Tiles; tile += g.Splits)
        {
            int line = tile / g.TilesX, left = (tile - line * g.TilesX) * Columns;
            int n = line / g.TilesY, top = (line - n * g.TilesY) * Rows;

            // Zeros stand where there is no pixel or channel: those of the very first border pixel.
            long from = g.Dy.Border(n, top) + (left + column + 1L) * g.Dy.Pixel + tileK * GradientQuads + quad, to = thread;
            int rows = isGradient && left + column < g.Width ? g.Height - top : 0;
            for (int i = 0; i < Rows; i++)
            {
                gradient[to] = dy[i < rows ? from : 0];
                from += g.Dy.Row;
                to += Threads;
            }
            for (int round = 0; round < (InputRow + Threads - 1) / Threads; round++)
            {
                int at = thread + round * Threads, inputColumn = left + at / ChannelQuads;
                if (at >= InputRow)
                    continue;
                from = g.X.Border(n, top) - g.X.Row + inputColumn * (long)g.X.Pixel + quadC;
                to = at;
                int y = isInput && inputColumn < g.Width + 2 ? top - 1 : g.Height;
                for (int i = 0; i < Rows + 2; i++)
                {
                    input[to] = x[(uint)y < (uint)g.Height ? from : 0];
                    from += g.X.Row;
                    to += InputRow;
                    y++;
                }
            }
            Group.Barrier();

            if (tileC == 0)
            {
                // A quarter of the pixels a thread.
                long biasAt = thread / TTile.Value * (Rows * Columns / 4) * TTile.Value + thread - thread / TTile.Value * TTile.Value;
                for (int i = 0; i < Rows * Columns / 4; i++)
                {
                    bias += gradientScalars[biasAt];
                    biasAt += TTile.Value;
                }
            }

            // What of the tile lies outside the picture is left out, to a quarter of a row.
            int usedRows = Math.Min(Rows, g.Height - top), usedQuarters = Math.Min(Columns / 4, (g.Width - left + 3) / 4);
            for (int row = 0; row < usedRows; row++)
            {
                long inputAt = row * InputRow * 4 + c, gradientAt = row * Columns * GradientQuads + warp * 2;
                for (int r = 0; r < 3; r++)
                    for (int s = 0; s < 2; s++)
                        window[r * 6 + s] = inputScalars[inputAt + r * InputRow * 4 + s * Channels];
                for (int quarter = 0; quarter < usedQuarters; quarter++)
                {
                    for (int r = 0; r < 3; r++)
                        for (int s = 2; s < 6; s++)
                            window[r * 6 + s] = inputScalars[inputAt + r * InputRow * 4 + s * Channels];
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
                    for (int r = 0; r < 3; r++)
                        for (int s = 0; s < 2; s++)
                            window[r * 6 + s] = window[r * 6 + 4 + s];
                    inputAt += 4 * Channels;
                    gradientAt += 4 * GradientQuads;
                }
            }
            Group.Barrier();
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

        // The four quarters of the pixels, in order.
        gradientScalars[thread] = bias;
        Group.Barrier();
        if (tileC == 0 && thread < TTile.Value && firstK + thread < g.K)
            sums[split * g.SplitLength + 9L * g.C * g.K + firstK + thread] =
                gradientScalars[thread] + gradientScalars[thread + TTile.Value] + gradientScalars[thread + 2 * TTile.Value] + gradientScalars[thread + 3 * TTile.Value];
    }
}
