using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>max(0, x), element by element; NaN stays NaN. Convolutions have it fused; this is for ReLUs that stand alone.</summary>
public static partial class ReluKernels
{
    /// <summary>y = max(0, x) on rows [y0, y1).</summary>
    /// <param name="device">The host.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="y">The same shape; may share rows with x.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The maps differ in shape, or the range is none of theirs.</exception>
    public static void Forward(HostDevice device, in HostMap<float> x, in HostMap<float> y, int y0, int y1)
    {
        MapCheck.SamePicture(y.Shape, x.Shape, "output");
        MapCheck.Rows(y0, y1, x.Shape.H);
        device.Pool.Run(new ReluRows { X = x, Y = y, FirstRow = y0, RowCount = y1 - y0 }, x.Shape.N * (y1 - y0));
    }

    /// <summary>dx = y &gt; 0 ? dy : 0 on rows [y0, y1).</summary>
    /// <param name="device">The host.</param>
    /// <param name="y">ReLU's output, [N, H, W, C].</param>
    /// <param name="dy">Its gradient, the same shape.</param>
    /// <param name="dx">Gradient of the input, the same shape; may share rows with either input.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The maps differ in shape, or the range is none of theirs.</exception>
    public static void Backward(HostDevice device, in HostMap<float> y, in HostMap<float> dy, in HostMap<float> dx, int y0, int y1)
    {
        MapCheck.SamePicture(dy.Shape, y.Shape, "output's gradient");
        MapCheck.SamePicture(dx.Shape, y.Shape, "input's gradient");
        MapCheck.Rows(y0, y1, y.Shape.H);
        device.Pool.Run(new MaskRows { Y = y, Dy = dy, Dx = dx, FirstRow = y0, RowCount = y1 - y0 }, y.Shape.N * (y1 - y0));
    }

    private unsafe struct ReluRows : IWork
    {
        public HostMap<float> X, Y;
        public int FirstRow, RowCount;

        public readonly void Run(int piece)
        {
            int n = piece / RowCount, row = FirstRow + piece % RowCount, length = X.Shape.W * X.Shape.C, i = 0;
            float* x = X.Row(n, row), y = Y.Row(n, row);
            for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var v = Vector.Load(x + i);
                Vector.ConditionalSelect(Vector.LessThan(v, Vector<float>.Zero), Vector<float>.Zero, v).Store(y + i);
            }
            for (; i < length; i++)
                y[i] = x[i] < 0 ? 0 : x[i];
        }
    }

    private unsafe struct MaskRows : IWork
    {
        public HostMap<float> Y, Dy, Dx;
        public int FirstRow, RowCount;

        public readonly void Run(int piece)
        {
            int n = piece / RowCount, row = FirstRow + piece % RowCount, length = Y.Shape.W * Y.Shape.C, i = 0;
            float* y = Y.Row(n, row), dy = Dy.Row(n, row), dx = Dx.Row(n, row);
            for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
                Vector.ConditionalSelect(Vector.GreaterThan(Vector.Load(y + i), Vector<float>.Zero), Vector.Load(dy + i), Vector<float>.Zero).Store(dx + i);
            for (; i < length; i++)
                dx[i] = y[i] > 0 ? dy[i] : 0;
        }
    }
}
