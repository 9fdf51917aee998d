namespace EdsrIlgpu.Kernels;

/// <summary>A step of Adam as the paper says it, in double.</summary>
public static class AdamReference
{
    /// <summary>
    /// m = β₁·m + (1 − β₁)·g, v = β₂·v + (1 − β₂)·g², w −= rate · m/(1 − β₁ᵗ) / (√(v/(1 − β₂ᵗ)) + ε), with g = gradientScale · gradient.
    /// </summary>
    public static void Update(AdamStep step, double gradientScale, double[] gradient, double[] w, double[] m, double[] v)
    {
        for (long i = 0; i < w.Length; i++)
        {
            double g = gradient[i] * gradientScale;
            m[i] = step.Beta1 * m[i] + (1 - step.Beta1) * g;
            v[i] = step.Beta2 * v[i] + (1 - step.Beta2) * g * g;
            w[i] -= step.Rate * (m[i] / step.Correction1) / (Math.Sqrt(v[i] / step.Correction2) + step.Epsilon);
        }
    }
}
