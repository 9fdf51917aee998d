namespace EdsrIlgpu.Kernels;

/// <summary>The length of a gradient as its definition says it, in double.</summary>
public static class GradientNormReference
{
    /// <summary>√Σ g².</summary>
    public static double Norm(double[] g)
    {
        double sum = 0;
        foreach (double value in g)
            sum += value * value;
        return Math.Sqrt(sum);
    }
}
