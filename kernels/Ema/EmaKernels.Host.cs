using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>The exponential moving average of weights, which generalises better than the last step's.</summary>
public static unsafe partial class EmaKernels
{
    /// <summary>average = decay · average + (1 − decay) · w.</summary>
    /// <param name="device">The host.</param>
    /// <param name="decay">0 to 1.</param>
    /// <param name="average">The average.</param>
    /// <param name="w">The weights, as many.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the decay is out of range.</exception>
    public static void Update(HostDevice device, float decay, Span<float> average, ReadOnlySpan<float> w)
    {
        Check(decay, average.Length, w.Length);
        fixed (float* a = average, weights = w)
            device.Pool.Run(new UpdatePieces { Decay = decay, Average = a, W = weights, Length = w.Length }, FlatPieces.Count(w.Length));
    }

    private static void Check(float decay, long average, long w)
    {
        if (!(decay is >= 0 and <= 1))
            throw new ArgumentException($"A decay lies between 0 and 1: {decay}.");
        if (average != w)
            throw new ArgumentException($"The average must have as many values as the weights, {w}, not {average}.");
    }

    private struct UpdatePieces : IWork
    {
        public float Decay;
        public float* Average, W;
        public int Length;

        public readonly void Run(int piece)
        {
            var (i, end) = FlatPieces.Range(piece, Length);
            float decay = Decay, rest = 1 - Decay;
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
                (Vector.Load(Average + i) * decay + Vector.Load(W + i) * rest).Store(Average + i);
            for (; i < end; i++)
                Average[i] = Average[i] * decay + W[i] * rest;
        }
    }
}
