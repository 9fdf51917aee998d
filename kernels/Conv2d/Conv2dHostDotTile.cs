using System.Runtime.CompilerServices;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// A register tile for few output channels: 1 to 4 pixels × 1 to 4 channels, vectors along the run of 3·C inputs instead of the
/// outputs, each sum spread over the lanes of a vector until the end.
/// </summary>
internal static unsafe class Conv2dHostDotTile
{
    /// <summary>Pixels in the widest tile.</summary>
    public const int Pixels = 4;

    /// <summary>Computes one tile without bias.</summary>
    /// <param name="row0">Pixel x − 1 of the row above the tile.</param>
    /// <param name="row1">Pixel x − 1 of the tile's row.</param>
    /// <param name="row2">Pixel x − 1 of the row below.</param>
    /// <param name="c">Input channels; 3·C is a multiple of the vector's width.</param>
    /// <param name="packed">The filter, [3][3·C / width][channels][width].</param>
    /// <param name="sums">[pixels][channels].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, V, TPixels, TChannels>(float* row0, float* row1, float* row2, nint c, float* packed, float* sums)
        where TSimd : struct, ISimd<V>
        where V : struct
        where TPixels : struct, ISize
        where TChannels : struct, ISize
    {
        V s00 = default, s01 = default, s02 = default, s03 = default;
        V s10 = default, s11 = default, s12 = default, s13 = default;
        V s20 = default, s21 = default, s22 = default, s23 = default;
        V s30 = default, s31 = default, s32 = default, s33 = default;
        for (int r = 0; r < 3; r++)
        {
            float* a = r == 0 ? row0 : r == 1 ? row1 : row2;
            float* end = a + 3 * c;
            do
            {
                V w0 = TSimd.Load(packed);
                V w1 = TChannels.Value > 1 ? TSimd.Load(packed + 1 * TSimd.Width) : default;
                V w2 = TChannels.Value > 2 ? TSimd.Load(packed + 2 * TSimd.Width) : default;
                V w3 = TChannels.Value > 3 ? TSimd.Load(packed + 3 * TSimd.Width) : default;
                V x = TSimd.Load(a);
                s00 = TSimd.MultiplyAdd(x, w0, s00);
                if (TChannels.Value > 1) s01 = TSimd.MultiplyAdd(x, w1, s01);
                if (TChannels.Value > 2) s02 = TSimd.MultiplyAdd(x, w2, s02);
                if (TChannels.Value > 3) s03 = TSimd.MultiplyAdd(x, w3, s03);
                if (TPixels.Value > 1)
                {
                    x = TSimd.Load(a + c);
                    s10 = TSimd.MultiplyAdd(x, w0, s10);
                    if (TChannels.Value > 1) s11 = TSimd.MultiplyAdd(x, w1, s11);
                    if (TChannels.Value > 2) s12 = TSimd.MultiplyAdd(x, w2, s12);
                    if (TChannels.Value > 3) s13 = TSimd.MultiplyAdd(x, w3, s13);
                }
                if (TPixels.Value > 2)
                {
                    x = TSimd.Load(a + 2 * c);
                    s20 = TSimd.MultiplyAdd(x, w0, s20);
                    if (TChannels.Value > 1) s21 = TSimd.MultiplyAdd(x, w1, s21);
                    if (TChannels.Value > 2) s22 = TSimd.MultiplyAdd(x, w2, s22);
                    if (TChannels.Value > 3) s23 = TSimd.MultiplyAdd(x, w3, s23);
                }
                if (TPixels.Value > 3)
                {
                    x = TSimd.Load(a + 3 * c);
                    s30 = TSimd.MultiplyAdd(x, w0, s30);
                    if (TChannels.Value > 1) s31 = TSimd.MultiplyAdd(x, w1, s31);
                    if (TChannels.Value > 2) s32 = TSimd.MultiplyAdd(x, w2, s32);
                    if (TChannels.Value > 3) s33 = TSimd.MultiplyAdd(x, w3, s33);
                }
                packed += TChannels.Value * TSimd.Width;
                a += TSimd.Width;
            }
            while (a != end);
        }

        sums[0] = TSimd.Sum(s00);
        if (TChannels.Value > 1) sums[1] = TSimd.Sum(s01);
        if (TChannels.Value > 2) sums[2] = TSimd.Sum(s02);
        if (TChannels.Value > 3) sums[3] = TSimd.Sum(s03);
        if (TPixels.Value > 1)
        {
            sums[TChannels.Value] = TSimd.Sum(s10);
            if (TChannels.Value > 1) sums[TChannels.Value + 1] = TSimd.Sum(s11);
            if (TChannels.Value > 2) sums[TChannels.Value + 2] = TSimd.Sum(s12);
            if (TChannels.Value > 3) sums[TChannels.Value + 3] = TSimd.Sum(s13);
        }
        if (TPixels.Value > 2)
        {
            sums[2 * TChannels.Value] = TSimd.Sum(s20);
            if (TChannels.Value > 1) sums[2 * TChannels.Value + 1] = TSimd.Sum(s21);
            if (TChannels.Value > 2) sums[2 * TChannels.Value + 2] = TSimd.Sum(s22);
            if (TChannels.Value > 3) sums[2 * TChannels.Value + 3] = TSimd.Sum(s23);
        }
        if (TPixels.Value > 3)
        {
            sums[3 * TChannels.Value] = TSimd.Sum(s30);
            if (TChannels.Value > 1) sums[3 * TChannels.Value + 1] = TSimd.Sum(s31);
            if (TChannels.Value > 2) sums[3 * TChannels.Value + 2] = TSimd.Sum(s32);
            if (TChannels.Value > 3) sums[3 * TChannels.Value + 3] = TSimd.Sum(s33);
        }
    }
}
