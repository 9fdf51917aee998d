using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>Patches cut out of pictures of 8- or 16-bit samples, turned, and brought to the network's range.</summary>
public static unsafe partial class PatchKernels
{
    /// <summary>x[n] = the patch of <c>cuts[n]</c>, turned, as value · gain + offset[c], where value runs from 0 to 255 whatever the samples' bits.</summary>
    /// <typeparam name="T">byte or ushort.</typeparam>
    /// <param name="device">The host.</param>
    /// <param name="samples">The pictures that the cuts lie in.</param>
    /// <param name="cuts">One for each of x's pictures; all of them inside their pictures.</param>
    /// <param name="affine">Gain and offsets of the way in, for values of 0–255.</param>
    /// <param name="x">[N, P, P, C], every row stored; at most four channels, those of the pictures.</param>
    /// <exception cref="ArgumentException">x is no map of square patches, one for each cut.</exception>
    public static void Cut<T>(HostDevice device, T* samples, ReadOnlySpan<PatchCut> cuts, PixelAffine affine, in HostMap<float> x)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        CheckPatches(x.Shape, cuts.Length);
        fixed (PatchCut* first = cuts)
            device.Pool.Run(new CutRows<T> { Samples = samples, Cuts = first, Affine = affine.ForSamplesTo(float.CreateTruncating(T.MaxValue)), X = x }, x.Shape.N * x.Shape.H);
    }

    internal static void CheckPatches(MapShape x, long cuts)
    {
        if (x.H != x.W || x.Rows != x.H || x.N != cuts || x.C > PixelAffine.MaxChannels)
            throw new ArgumentException($"{cuts} patches are cut into a map [{cuts}, P, P, C] that stores every row, C at most {PixelAffine.MaxChannels}, not into {x}.");
    }

    private struct CutRows<T> : IWork where T : unmanaged, IBinaryInteger<T>
    {
        public T* Samples;
        public PatchCut* Cuts;
        public PixelAffine Affine;
        public HostMap<float> X;

        public readonly void Run(int piece)
        {
            int size = X.Shape.H, n = piece / size, y = piece % size, channels = X.Shape.C;
            var cut = Cuts[n];
            // A turned row is a row or a column of the picture, in one direction or the other.
            int row = y, column = 0, nextRow = y, nextColumn = 1;
            cut.TurnBack(ref row, ref column, size);
            cut.TurnBack(ref nextRow, ref nextColumn, size);
            T* from = Samples + cut.Sample(row, column, channels);
            long step = (long)(nextRow - row) * cut.Pitch + (nextColumn - column) * channels;
            float* to = X.Row(n, y);
            for (int c = 0; c < channels; c++)
            {
                float offset = Affine.Offset(c);
                T* sample = from + c;
                for (int i = c, end = size * channels; i < end; i += channels, sample += step)
                    to[i] = float.CreateTruncating(*sample) * Affine.Gain + offset;
            }
        }
    }
}
