using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static unsafe partial class AdamKernels
{
    /// <summary>One step: w −= rate/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε), m and v updated before by gradientScale · g.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="step">Its number and settings.</param>
    /// <param name="gradientScale">Factor of the gradient, below 1 where its norm is clipped.</param>
    /// <param name="g">The gradient.</param>
    /// <param name="w">The weights, as many.</param>
    /// <param name="m">First moments, as many; zeros before the first step.</param>
    /// <param name="v">Second moments, as many; zeros before the first step.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a setting is out of range.</exception>
    public static void Update(AcceleratorDevice device, AcceleratorStream stream, AdamStep step, float gradientScale, ArrayView<float> g, ArrayView<float> w, ArrayView<float> m, ArrayView<float> v)
    {
        step.Validate();
        CheckLengths(g.Length, w.Length, m.Length, v.Length);
        var grid = new FlatGrid(w.Length);
        UpdateKernel.Launch(device, stream, grid.Groups, g, w, m, v, new Arguments(grid, new AdamFactors(step, gradientScale)));
    }

    /// <summary>A weight a thread. No shared memory.</summary>
    internal static readonly AcceleratorKernel<float, float, float, float, Arguments> UpdateKernel = new(Run, FlatGrid.GroupSize);

    internal readonly struct Arguments(FlatGrid grid, AdamFactors factors)
    {
        public readonly FlatGrid Grid = grid;
        public readonly AdamFactors Factors = factors;
    }

    private static void Run(ArrayView<float> gradient, ArrayView<float> weights, ArrayView<float> first, ArrayView<float> second, Arguments arguments)
    {
        if (!arguments.Grid.Find(out int i))
            return;
        float g = gradient[i] * arguments.Factors.GradientScale;
        float m = first[i] * arguments.Factors.Beta1 + g * arguments.Factors.Rest1;
        float v = second[i] * arguments.Factors.Beta2 + g * g * arguments.Factors.Rest2;
        first[i] = m;
        second[i] = v;
        weights[i] -= m * arguments.Factors.Rate / (MathF.Sqrt(v) * arguments.Factors.RootScale + arguments.Factors.Epsilon);
    }
}
