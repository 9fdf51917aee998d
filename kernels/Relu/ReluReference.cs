namespace EdsrIlgpu.Kernels;

/// <summary>ReLU as its definition says it, on dense arrays.</summary>
public static class ReluReference
{
    /// <summary>y = max(0, x), element by element.</summary>
    public static double[] Forward(double[] x)
    {
        var y = new double[x.Length];
        for (long i = 0; i < x.Length; i++)
            y[i] = Math.Max(0, x[i]);
        return y;
    }
}
