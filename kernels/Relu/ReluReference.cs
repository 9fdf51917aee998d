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

    /// <summary>dx = y &gt; 0 ? dy : 0, element by element; the gradient at 0 is 0.</summary>
    /// <param name="y">ReLU's output.</param>
    /// <param name="dy">Its gradient.</param>
    public static double[] Backward(double[] y, double[] dy)
    {
        var dx = new double[dy.Length];
        for (long i = 0; i < dy.Length; i++)
            dx[i] = y[i] > 0 ? dy[i] : 0;
        return dx;
    }
}
