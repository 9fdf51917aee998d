using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Patches made smaller as the Python Imaging Library makes pictures smaller by its bilinear filter, bit for bit in 8 bits: first
/// along rows, rounded, then along columns, rounded. 16-bit samples by the same arithmetic.
/// </summary>
public static unsafe partial class BilinearReductionKernels
{
    /// <summary>y[n] = the patch of <c>cuts[n]</c> at 1/scale of its size, as it lies in its picture: not turned.</summary>
    /// <typeparam name="T">byte or ushort.</typeparam>
    /// <param name="device">The host.</param>
    /// <param name="samples">The pictures that the cuts lie in.</param>
    /// <param name="cuts">Patches of taps.Size · taps.Scale pixels along a side, inside their pictures.</param>
    /// <param name="taps">Size and scale.</param>
    /// <param name="channels">Samples of a pixel, C.</param>
    /// <param name="y">[N, taps.Size, taps.Size, C], dense.</param>
    public static void Forward<T>(HostDevice device, T* samples, ReadOnlySpan<PatchCut> cuts, BilinearTaps taps, int channels, T* y)
        where T : unmanaged, IBinaryInteger<T>
    {
        fixed (PatchCut* first = cuts)
        fixed (int* table = taps.Table)
        {
            var rows = new ReduceRows<T>
            {
                Samples = samples,
                Cuts = first,
                Table = table,
                Size = taps.Size,
                Count = taps.Count,
                Channels = channels,
                Y = y,
            };
            device.Pool.Run(rows, cuts.Length * taps.Size);
        }
    }

    private struct ReduceRows<T> : IWork where T : unmanaged, IBinaryInteger<T>
    {
        private const long Half = 1L << (BilinearTaps.FractionBits - 1);

        public T* Samples, Y;
        public PatchCut* Cuts;
        public int* Table;
        public int Size, Count, Channels;

        public readonly void Run(int piece)
        {
            int n = piece / Size, row = piece % Size;
            var cut = Cuts[n];
            int* rowTaps = Table + row * (Count + 1);
            T* y = Y + (long)piece * Size * Channels;
            for (int column = 0; column < Size; column++)
            {
                int* columnTaps = Table + column * (Count + 1);
                for (int c = 0; c < Channels; c++, y++)
                {
                    // The weights are positive and sum to 1 within a rounding, so no sum leaves the samples' range.
                    long sum = Half;
                    for (int i = 0; i < Count; i++)
                    {
                        T* from = Samples + cut.Sample(rowTaps[0] + i, columnTaps[0], Channels) + c;
                        long along = Half;
                        for (int j = 0; j < Count; j++, from += Channels)
                            along += (long)columnTaps[1 + j] * long.CreateTruncating(*from);
                        sum += rowTaps[1 + i] * (along >> BilinearTaps.FractionBits);
                    }
                    *y = T.CreateTruncating(sum >> BilinearTaps.FractionBits);
                }
            }
        }
    }
}
