namespace EdsrIlgpu.Kernels;

/// <summary>The numbers of an <see cref="AdamStep"/> as kernels take them, derived in double and rounded once.</summary>
internal readonly struct AdamFactors(AdamStep step, float gradientScale)
{
    public readonly float GradientScale = gradientScale;
    public readonly float Beta1 = (float)step.Beta1, Rest1 = (float)(1 - step.Beta1);
    public readonly float Beta2 = (float)step.Beta2, Rest2 = (float)(1 - step.Beta2);

    /// <summary>Rate over the first moment's correction.</summary>
    public readonly float Rate = (float)(step.Rate / step.Correction1);

    /// <summary>1 over the root of the second moment's correction.</summary>
    public readonly float RootScale = (float)(1 / Math.Sqrt(step.Correction2));

    public readonly float Epsilon = (float)step.Epsilon;
}
