namespace EdsrIlgpu.Kernels;

/// <summary>The losses as their definitions say them, in double, on dense arrays.</summary>
public static class LossReference
{
    /// <summary>The mean over all samples.</summary>
    public static double Forward(LossFunction loss, double[] y, double[] target)
    {
        double sum = 0;
        for (long i = 0; i < y.Length; i++)
        {
            double d = y[i] - target[i];
            sum += loss == LossFunction.L1 ? Math.Abs(d) : d * d;
        }
        return sum / y.Length;
    }

    /// <summary>The gradient of the mean by y: sign(y − target)/count, sign(0) being 0, or 2·(y − target)/count.</summary>
    public static double[] Backward(LossFunction loss, double[] y, double[] target)
    {
        var dy = new double[y.Length];
        for (long i = 0; i < y.Length; i++)
        {
            double d = y[i] - target[i];
            dy[i] = (loss == LossFunction.L1 ? d > 0 ? 1 : d < 0 ? -1 : 0 : 2 * d) / y.Length;
        }
        return dy;
    }
}
