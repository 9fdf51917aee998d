namespace EdsrIlgpu.Kernels;

/// <summary>The running average of weights as its definition says it, in double.</summary>
public static class EmaReference
{
    /// <summary>average = decay · average + (1 − decay) · w, element by element.</summary>
    public static void Update(double decay, double[] average, double[] w)
    {
        for (long i = 0; i < w.Length; i++)
            average[i] = decay * average[i] + (1 - decay) * w[i];
    }
}
