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
}
