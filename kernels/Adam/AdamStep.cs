namespace EdsrIlgpu.Kernels;

/// <summary>
/// One step of Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", algorithm 1) with its settings. The betas are
/// double because 1 − 0.999 in float is off in its fifth digit.
/// </summary>
/// <param name="Step">The number of this step, from 1.</param>
/// <param name="Rate">Learning rate.</param>
/// <param name="Beta1">Decay of the first moment, in [0, 1).</param>
/// <param name="Beta2">Decay of the second moment, in [0, 1).</param>
/// <param name="Epsilon">Added to the root of the second moment; above 0.</param>
public readonly record struct AdamStep(long Step, float Rate, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8)
{
    /// <summary>What the moments lack at the first steps, for they begin at zero: the first is this share of what it should be.</summary>
    public double Correction1 => 1 - Math.Pow(Beta1, Step);

    /// <summary>The same for the second moment.</summary>
    public double Correction2 => 1 - Math.Pow(Beta2, Step);

    /// <summary>Throws for what is no step.</summary>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public void Validate()
    {
        if (Step < 1 || !float.IsFinite(Rate) || !(Beta1 is >= 0 and < 1) || !(Beta2 is >= 0 and < 1) || !(Epsilon > 0))
            throw new ArgumentException($"Not a step of Adam: {this}.");
    }
}
