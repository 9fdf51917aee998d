namespace EdsrIlgpu.Kernels.Tests;

/// <summary>Gradients held against central differences, in double.</summary>
internal static class FiniteDifferences
{
    // Most operations are linear, so differences of this size are exact up to rounding; none of the tested bends within it.
    private const double Step = 5e-3;

    /// <summary>Worst difference between a gradient and the central differences of Σ dy · f(x), relative to the largest difference quotient.</summary>
    /// <param name="f">The operation.</param>
    /// <param name="x">Where; as it was on return.</param>
    /// <param name="dy">Gradient of the operation's output.</param>
    /// <param name="dx">The gradient of x in question.</param>
    public static double WorstError(Func<double[], double[]> f, double[] x, double[] dy, double[] dx)
    {
        Assert.Equal(x.Length, dx.Length);
        double worst = 0, largest = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double at = x[i];
            x[i] = at + Step;
            double above = Sum(f(x), dy);
            x[i] = at - Step;
            double below = Sum(f(x), dy);
            x[i] = at;
            double quotient = (above - below) / (2 * Step);
            worst = Math.Max(worst, Math.Abs(dx[i] - quotient));
            largest = Math.Max(largest, Math.Abs(quotient));
        }
        Assert.True(largest > 0, "Nothing depends on x.");
        return worst / largest;
    }

    private static double Sum(double[] y, double[] dy)
    {
        Assert.Equal(dy.Length, y.Length);
        double sum = 0;
        for (int i = 0; i < y.Length; i++)
            sum += y[i] * dy[i];
        return sum;
    }
}
