using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>x · scale + residual. Convolutions have it fused; this is for sums that stand alone.</summary>
public static partial class ScaledResidualAddKernels
{
    /// <summary>y = x · scale + residual on rows [y0, y1).</summary>
    /// <param name="device">The host.</param>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="residual">The same shape.</param>
    /// <param name="scale">Factor of x.</param>
    /// <param name="y">The same shape; may share rows with either input.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The maps differ in shape, or the range is none of theirs.</exception>
    public static void Forward(HostDevice device, in HostMap<float> x, in HostMap<float> residual, float scale, in HostMap<float> y, int y0, int y1)
    {
        MapCheck.SamePicture(residual.Shape, x.Shape, "residual");
        MapCheck.SamePicture(y.Shape, x.Shape, "output");
        MapCheck.Rows(y0, y1, x.Shape.H);
        device.Pool.Run(new AddRows { X = x, Residual = residual, Scale = scale, Y = y, FirstRow = y0, RowCount = y1 - y0 }, x.Shape.N * (y1 - y0));
    }

    /// <summary>dx = factor · dy, or dx += factor · dy, on rows [y0, y1): the gradient of x with the scale as factor, of the residual with 1.</summary>
    /// <param name="device">The host.</param>
    /// <param name="dy">Gradient of the output, [N, H, W, C].</param>
    /// <param name="factor">Factor of dy.</param>
    /// <param name="accumulate">Whether it is added to what dx holds.</param>
    /// <param name="dx">The same shape; may share rows with dy.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">The maps differ in shape, or the range is none of theirs.</exception>
    public static void Backward(HostDevice device, in HostMap<float> dy, float factor, bool accumulate, in HostMap<float> dx, int y0, int y1)
    {
        MapCheck.SamePicture(dx.Shape, dy.Shape, "input's gradient");
        MapCheck.Rows(y0, y1, dy.Shape.H);
        if (accumulate)
            device.Pool.Run(new AddRows { X = dy, Residual = dx, Scale = factor, Y = dx, FirstRow = y0, RowCount = y1 - y0 }, dy.Shape.N * (y1 - y0));
        else
            device.Pool.Run(new ScaleRows { X = dy, Scale = factor, Y = dx, FirstRow = y0, RowCount = y1 - y0 }, dy.Shape.N * (y1 - y0));
    }

    private unsafe struct AddRows : IWork
    {
        public HostMap<float> X, Residual, Y;
        public float Scale;
        public int FirstRow, RowCount;

        public readonly void Run(int piece)
        {
            int n = piece / RowCount, row = FirstRow + piece % RowCount, length = X.Shape.W * X.Shape.C, i = 0;
            float* x = X.Row(n, row), residual = Residual.Row(n, row), y = Y.Row(n, row);
            var scale = new Vector<float>(Scale);
            for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
                (Vector.Load(x + i) * scale + Vector.Load(residual + i)).Store(y + i);
            for (; i < length; i++)
                y[i] = x[i] * Scale + residual[i];
        }
    }

    private unsafe struct ScaleRows : IWork
    {
        public HostMap<float> X, Y;
        public float Scale;
        public int FirstRow, RowCount;

        public readonly void Run(int piece)
        {
            int n = piece / RowCount, row = FirstRow + piece % RowCount, length = X.Shape.W * X.Shape.C, i = 0;
            float* x = X.Row(n, row), y = Y.Row(n, row);
            var scale = new Vector<float>(Scale);
            for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
                (Vector.Load(x + i) * scale).Store(y + i);
            for (; i < length; i++)
                y[i] = x[i] * Scale;
        }
    }
}
