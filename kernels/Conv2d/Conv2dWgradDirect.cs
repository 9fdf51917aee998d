using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The definition: a thread sums the nine taps of one pair of channels, and walks the rows of its part of the batch with a window
/// of 3×3 values of the input in registers. For each pixel three new ones and one value of the gradient serve nine
/// multiply-adds, all loaded from global memory. No shared memory. Any C, any K: EDSR's first and last convolution. The first rung.
/// </summary>
internal sealed class Conv2dWgradDirect : Conv2dWgradAccelerator
{
    private const int Threads = RowGrid.GroupSize;

    private static readonly AcceleratorKernel<float, float, float, Conv2dWgradArguments> Definition = new(Run, Threads);

    public override string Name => "direct";

    public override AcceleratorKernel Kernel => Definition;

    // Registers leave room for that many, and loads from global memory take long.
    protected override int GroupsPerMultiprocessor => 8;

    public override bool Supports(Conv2dShape shape) => true;

    protected override (int Tiles, int Groups) Work(Conv2dShape shape) =>
        checked((shape.N * shape.H, (shape.C * shape.K + Threads - 1) / Threads));

    protected override void Launch(
        AcceleratorDevice device, AcceleratorStream stream, int groups, in DeviceMap<float> x, in DeviceMap<float> dy, ArrayView<float> sums, Conv2dWgradArguments arguments)
    {
        arguments.X = new MapLayout(x.Shape, 1);
        arguments.Dy = new MapLayout(dy.Shape, 1);
        Definition.Launch(device, stream, groups, x.View, dy.View, sums, arguments);
    }

    private static void Run(ArrayView<float> x, ArrayView<float> dy, ArrayView<float> sums, Conv2dWgradArguments g)
    {
        int split = Grid.IdxX - Grid.IdxX / g.Splits * g.Splits, pair = Grid.IdxX / g.Splits * Threads + Group.IdxX;
        if (pair >= g.C * g.K)
            return;
        int k = pair / g.C, c = pair - k * g.C;

        var taps = new float[9];
        var window = new float[9];
        float bias = 0;
        for (int i = 0; i < 9; i++)
            taps[i] = 0;
        for (int line = split; line < g.Tiles; line += g.Splits)
        {
            int n = line / g.Height, row = line - n * g.Height;
            // Where there is no row above or below, the window stays on the zero of a border pixel.
            bool above = row > 0, below = row + 1 < g.Height;
            long middle = g.X.Border(n, row) + c, upper = above ? g.X.Border(n, row - 1) + c : middle, lower = below ? g.X.Border(n, row + 1) + c : middle;
            int upperStep = above ? g.C : 0, lowerStep = below ? g.C : 0;
            for (int r = 0; r < 3; r++)
                window[r * 3] = 0;
            upper += upperStep;
            middle += g.C;
            lower += lowerStep;
            window[1] = x[upper];
            window[4] = x[middle];
            window[7] = x[lower];
            long at = g.Dy.Border(n, row) + g.K + k;
            for (int column = 0; column < g.Width; column++)
            {
                upper += upperStep;
                middle += g.C;
                lower += lowerStep;
                window[2] = x[upper];
                window[5] = x[middle];
                window[8] = x[lower];
                float gradient = dy[at];
                at += g.K;
                bias += gradient;
                for (int i = 0; i < 9; i++)
                    taps[i] += window[i] * gradient;
                for (int r = 0; r < 3; r++)
                {
                    window[r * 3] = window[r * 3 + 1];
                    window[r * 3 + 1] = window[r * 3 + 2];
                }
            }
        }

        long to = split * g.SplitLength;
        if (c == 0)
            sums[to + 9L * g.C * g.K + k] = bias;
        to += 9L * g.C * k + c;
        for (int i = 0; i < 9; i++)
        {
            sums[to] = taps[i];
            to += g.C;
        }
    }
}
