using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>The L2 norm of all gradients together, which clipping compares with its bound. Summed in a fixed order.</summary>
public static unsafe partial class GradientNormKernels
{
    /// <summary>Doubles that <see cref="Norm(HostDevice, ReadOnlySpan{float}, Span{double})"/> needs for a buffer.</summary>
    public static int Partials(int length) => FlatPieces.Count(length);

    /// <summary>√Σ g², summed in double.</summary>
    /// <param name="device">The host.</param>
    /// <param name="g">The gradient.</param>
    /// <param name="partials">At least <see cref="Partials"/>, for the kernel's own use.</param>
    /// <exception cref="ArgumentException">Too few partials.</exception>
    public static float Norm(HostDevice device, ReadOnlySpan<float> g, Span<double> partials)
    {
        int pieces = Partials(g.Length);
        if (partials.Length < pieces)
            throw new ArgumentException($"The norm of {g.Length} values needs {pieces} partial sums, not {partials.Length}.");
        fixed (float* gradient = g)
        fixed (double* sums = partials)
            device.Pool.Run(new SumPieces { G = gradient, Length = g.Length, Sums = sums }, pieces);
        double sum = 0;
        foreach (double partial in partials[..pieces])
            sum += partial;
        return (float)Math.Sqrt(sum);
    }

    private struct SumPieces : IWork
    {
        public float* G;
        public int Length;
        public double* Sums;

        public readonly void Run(int piece)
        {
            var (i, end) = FlatPieces.Range(piece, Length);
            Vector<double> lowSum = default, highSum = default;
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                Vector.Widen(Vector.Load(G + i), out var low, out var high);
                lowSum += low * low;
                highSum += high * high;
            }
            double sum = Vector.Sum(lowSum + highSum);
            for (; i < end; i++)
                sum += (double)G[i] * G[i];
            Sums[piece] = sum;
        }
    }
}
