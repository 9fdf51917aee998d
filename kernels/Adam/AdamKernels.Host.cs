using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>Adam on a flat buffer: moments, their corrections, learning rate and the gradient's scale in one pass.</summary>
public static unsafe partial class AdamKernels
{
    /// <summary>One step: w −= rate/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε), m and v updated before by gradientScale · g.</summary>
    /// <param name="device">The host.</param>
    /// <param name="step">Its number and settings.</param>
    /// <param name="gradientScale">Factor of the gradient, below 1 where its norm is clipped.</param>
    /// <param name="g">The gradient.</param>
    /// <param name="w">The weights, as many.</param>
    /// <param name="m">First moments, as many; zeros before the first step.</param>
    /// <param name="v">Second moments, as many; zeros before the first step.</param>
    /// <exception cref="ArgumentException">The lengths differ, or a setting is out of range.</exception>
    public static void Update(HostDevice device, AdamStep step, float gradientScale, ReadOnlySpan<float> g, Span<float> w, Span<float> m, Span<float> v)
    {
        step.Validate();
        CheckLengths(g.Length, w.Length, m.Length, v.Length);
        fixed (float* gradient = g, weights = w, first = m, second = v)
            device.Pool.Run(
                new UpdatePieces { G = gradient, W = weights, M = first, V = second, Length = w.Length, Factors = new AdamFactors(step, gradientScale) },
                FlatPieces.Count(w.Length));
    }

    private static void CheckLengths(long g, long w, long m, long v)
    {
        if (g != w || m != w || v != w)
            throw new ArgumentException($"Gradient, weights and moments must have one length, not {g}, {w}, {m} and {v}.");
    }

    private struct UpdatePieces : IWork
    {
        public float* G, W, M, V;
        public int Length;
        public AdamFactors Factors;

        public readonly void Run(int piece)
        {
            var (i, end) = FlatPieces.Range(piece, Length);
            var f = Factors;
            var epsilon = new Vector<float>(f.Epsilon);
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                var g = Vector.Load(G + i) * f.GradientScale;
                var m = Vector.Load(M + i) * f.Beta1 + g * f.Rest1;
                var v = Vector.Load(V + i) * f.Beta2 + g * g * f.Rest2;
                m.Store(M + i);
                v.Store(V + i);
                (Vector.Load(W + i) - m * f.Rate / (Vector.SquareRoot(v) * f.RootScale + epsilon)).Store(W + i);
            }
            for (; i < end; i++)
            {
                float g = G[i] * f.GradientScale;
                M[i] = M[i] * f.Beta1 + g * f.Rest1;
                V[i] = V[i] * f.Beta2 + g * g * f.Rest2;
                W[i] -= M[i] * f.Rate / (MathF.Sqrt(V[i]) * f.RootScale + f.Epsilon);
            }
        }
    }
}
