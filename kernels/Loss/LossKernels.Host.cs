using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>The loss of a batch and its gradient, in one pass over the maps.</summary>
public static unsafe partial class LossKernels
{
    /// <summary>The mean over all samples; dy becomes its gradient by y: sign(y − target)/count, or 2·(y − target)/count.</summary>
    /// <param name="device">The host.</param>
    /// <param name="loss">Which.</param>
    /// <param name="y">[N, H, W, C].</param>
    /// <param name="target">The same shape.</param>
    /// <param name="dy">The same shape; may share rows with either input.</param>
    /// <param name="rowSums">N·H, for the kernel's own use: sums of rows in double, added in order, whatever thread computed them.</param>
    /// <exception cref="ArgumentException">There is no such loss, the maps differ in shape, or there is too little room for the rows' sums.</exception>
    public static float ForwardBackward(HostDevice device, LossFunction loss, in HostMap<float> y, in HostMap<float> target, in HostMap<float> dy, Span<double> rowSums) => loss switch
    {
        LossFunction.L1 => ForwardBackward<L1Loss>(device, y, target, dy, rowSums),
        LossFunction.Mse => ForwardBackward<MseLoss>(device, y, target, dy, rowSums),
        _ => throw Unknown(loss),
    };

    private static float ForwardBackward<TLoss>(HostDevice device, in HostMap<float> y, in HostMap<float> target, in HostMap<float> dy, Span<double> rowSums)
        where TLoss : struct, ILoss
    {
        var shape = y.Shape;
        CheckMaps(shape, target.Shape, dy.Shape);
        int rows = shape.N * shape.H;
        if (rowSums.Length < rows)
            throw new ArgumentException($"The loss of {shape} needs room for {rows} sums, not {rowSums.Length}.");
        fixed (double* sums = rowSums)
            device.Pool.Run(new LossRows<TLoss> { Y = y, Target = target, Dy = dy, Scale = SlopeScale<TLoss>(shape), Sums = sums }, rows);
        double sum = 0;
        foreach (double row in rowSums[..rows])
            sum += row;
        return (float)(sum / Samples(shape));
    }

    private static void CheckMaps(MapShape y, MapShape target, MapShape dy)
    {
        MapCheck.SamePicture(target, y, "target");
        MapCheck.SamePicture(dy, y, "gradient");
    }

    private static ArgumentException Unknown(LossFunction loss) => new($"There is no loss {loss}.");

    private static double Samples(MapShape shape) => (double)shape.N * shape.H * shape.W * shape.C;

    private static float SlopeScale<TLoss>(MapShape shape) where TLoss : struct, ILoss => (float)(TLoss.SlopeFactor / Samples(shape));

    private struct LossRows<TLoss> : IWork where TLoss : struct, ILoss
    {
        public HostMap<float> Y, Target, Dy;
        public float Scale;
        public double* Sums;

        public readonly void Run(int piece)
        {
            int n = piece / Y.Shape.H, row = piece % Y.Shape.H, length = Y.Shape.W * Y.Shape.C, i = 0;
            float* y = Y.Row(n, row), target = Target.Row(n, row), dy = Dy.Row(n, row);
            var scale = new Vector<float>(Scale);
            Vector<double> lowSum = default, highSum = default;
            for (; i <= length - Vector<float>.Count; i += Vector<float>.Count)
            {
                var d = Vector.Load(y + i) - Vector.Load(target + i);
                TLoss.Slope(d, scale).Store(dy + i);
                Vector.Widen(TLoss.Term(d), out var low, out var high);
                lowSum += low;
                highSum += high;
            }
            double sum = Vector.Sum(lowSum + highSum);
            for (; i < length; i++)
            {
                float d = y[i] - target[i];
                dy[i] = TLoss.Slope(d, Scale);
                sum += TLoss.Term(d);
            }
            Sums[piece] = sum;
        }
    }
}
