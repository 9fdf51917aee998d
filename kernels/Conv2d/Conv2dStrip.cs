using System.Runtime.CompilerServices;
using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// What the direct variants on accelerators share: a thread computes a strip, 4 pixels beside each other × 4 output channels.
/// A row's strips are counted channels first, so that neighbouring threads read the same pixels.
/// </summary>
internal static class Conv2dStrip
{
    /// <summary>Bias [K], then filter [3][C][3][K], K padded with zeros to a multiple of 4.</summary>
    public static float[] Pack(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Conv2dShape shape)
    {
        int c = shape.C, k = shape.K, pitch = (k + 3) / 4 * 4;
        var packed = new float[checked(pitch * (1 + 9 * c))];
        bias.CopyTo(packed);
        for (int r = 0; r < 3; r++)
            for (int channel = 0; channel < c; channel++)
                for (int s = 0; s < 3; s++)
                    for (int q = 0; q < k; q++)
                        packed[pitch * (1 + (r * c + channel) * 3 + s) + q] = filter[((q * 3 + r) * 3 + s) * c + channel];
        return packed;
    }

    /// <summary>Shares out the strips of a launch and gives the number of groups.</summary>
    public static int Groups(ref Conv2dArguments g, Conv2dShape shape)
    {
        g.TilesK = (shape.K + 3) / 4;
        g.Strips = new RowGrid(g.Y0, g.Y1, checked((shape.W + 3) / 4 * g.TilesK));
        return g.Strips.Groups(shape.N);
    }

    /// <summary>Sets the 4×4 sums to the bias.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Begin(float[] sums, Float4 bias)
    {
        for (int p = 0; p < 4; p++)
        {
            sums[p * 4] = bias.X;
            sums[p * 4 + 1] = bias.Y;
            sums[p * 4 + 2] = bias.Z;
            sums[p * 4 + 3] = bias.W;
        }
    }

    /// <summary>Adds the products of six pixels' values of one input channel with its three taps.</summary>
    /// <param name="sums">4 pixels × 4 channels.</param>
    /// <param name="pixels">Values of the strip's pixels, of one before and of one behind.</param>
    /// <param name="first">The first of them.</param>
    /// <param name="filter">The packed filter.</param>
    /// <param name="at">The channel's first tap.</param>
    /// <param name="pitch">Quads from tap to tap.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add(float[] sums, float[] pixels, int first, ArrayView<Float4> filter, long at, int pitch)
    {
        for (int s = 0; s < 3; s++)
        {
            var tap = filter[at + (long)s * pitch];
            for (int p = 0; p < 4; p++)
            {
                sums[p * 4] += pixels[first + p + s] * tap.X;
                sums[p * 4 + 1] += pixels[first + p + s] * tap.Y;
                sums[p * 4 + 2] += pixels[first + p + s] * tap.Z;
                sums[p * 4 + 3] += pixels[first + p + s] * tap.W;
            }
        }
    }

    /// <summary>Stores what of the strip lies inside the picture and the channels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TEpilogue>(float[] sums, int n, int row, int column, int k, ArrayView<float> residual, ArrayView<float> y, Conv2dArguments g)
        where TEpilogue : struct, IEpilogue
    {
        StoreChannel<TEpilogue>(sums[0], sums[4], sums[8], sums[12], n, row, column, k, residual, y, g);
        StoreChannel<TEpilogue>(sums[1], sums[5], sums[9], sums[13], n, row, column, k + 1, residual, y, g);
        StoreChannel<TEpilogue>(sums[2], sums[6], sums[10], sums[14], n, row, column, k + 2, residual, y, g);
        StoreChannel<TEpilogue>(sums[3], sums[7], sums[11], sums[15], n, row, column, k + 3, residual, y, g);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreChannel<TEpilogue>(float sum0, float sum1, float sum2, float sum3, int n, int row, int column, int k, ArrayView<float> residual, ArrayView<float> y, Conv2dArguments g)
        where TEpilogue : struct, IEpilogue
    {
        if (k >= g.K)
            return;
        long step = g.Y.Run, at = g.Y.At(n, row, k) + column * step, addend = g.Residual.At(n, row, k) + column * step;
        y[at] = TEpilogue.Apply<float, ScalarLanes>(sum0, g.Scale, residual, addend);
        if (column + 1 < g.Width)
            y[at + step] = TEpilogue.Apply<float, ScalarLanes>(sum1, g.Scale, residual, addend + step);
        if (column + 2 < g.Width)
            y[at + step * 2] = TEpilogue.Apply<float, ScalarLanes>(sum2, g.Scale, residual, addend + step * 2);
        if (column + 3 < g.Width)
            y[at + step * 3] = TEpilogue.Apply<float, ScalarLanes>(sum3, g.Scale, residual, addend + step * 3);
    }
}
