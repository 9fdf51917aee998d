namespace EdsrIlgpu.Kernels;

/// <summary>The residual connection as its definition says it, in double, on dense arrays.</summary>
public static class ScaledResidualAddReference
{
    /// <summary>y = x · scale + residual, element by element.</summary>
    public static double[] Forward(double[] x, double[] residual, double scale)
    {
        var y = new double[x.Length];
        for (long i = 0; i < x.Length; i++)
            y[i] = x[i] * scale + residual[i];
        return y;
    }

    /// <summary>The gradient of x, factor · dy, added to <paramref name="before"/> if there is any. The residual's is that of factor 1.</summary>
    public static double[] Backward(double[] dy, double factor, double[]? before = null)
    {
        var dx = new double[dy.Length];
        for (long i = 0; i < dy.Length; i++)
            dx[i] = factor * dy[i] + (before is null ? 0 : before[i]);
        return dx;
    }
}
