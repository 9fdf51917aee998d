using System.Runtime.CompilerServices;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The host's register tile: up to 6 pixels of a row × 4 vectors of output channels, summed over all taps and input channels
/// without leaving the registers. The three taps of a filter row and their channels are one run of 3·C floats in NHWC, so the
/// loop has no inner structure. The sums are named locals (arrays of them would live in memory), and conditions on the tile's
/// size, a type parameter, vanish when the JIT compiles the size at hand.
/// </summary>
internal static unsafe class Conv2dHostTile
{
    /// <summary>Computes one tile.</summary>
    /// <param name="row0">Pixel x − 1 of the row above the tile.</param>
    /// <param name="row1">Pixel x − 1 of the tile's row.</param>
    /// <param name="row2">Pixel x − 1 of the row below.</param>
    /// <param name="c">Input channels, the distance between pixels.</param>
    /// <param name="packed">The group's bias, then its filter [3][3·C][vectors · width].</param>
    /// <param name="y">Where the first pixel's first sum goes.</param>
    /// <param name="residual">The same place in the residual; read only if the epilogue adds it.</param>
    /// <param name="stride">Floats between output pixels.</param>
    /// <param name="epilogue">What becomes of the sums.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<TSimd, V, TPixels, TVectors, TEpilogue>(
        float* row0, float* row1, float* row2, nint c, float* packed, float* y, float* residual, nint stride, TEpilogue epilogue)
        where TSimd : struct, ISimd<V>
        where V : struct
        where TPixels : struct, ISize
        where TVectors : struct, ISize
        where TEpilogue : struct, IHostEpilogue
    {
        V s00 = TSimd.Load(packed);
        V s01 = TVectors.Value > 1 ? TSimd.Load(packed + 1 * TSimd.Width) : default;
        V s02 = TVectors.Value > 2 ? TSimd.Load(packed + 2 * TSimd.Width) : default;
        V s03 = TVectors.Value > 3 ? TSimd.Load(packed + 3 * TSimd.Width) : default;
        V s10 = s00, s11 = s01, s12 = s02, s13 = s03;
        V s20 = s00, s21 = s01, s22 = s02, s23 = s03;
        V s30 = s00, s31 = s01, s32 = s02, s33 = s03;
        V s40 = s00, s41 = s01, s42 = s02, s43 = s03;
        V s50 = s00, s51 = s01, s52 = s02, s53 = s03;
        packed += TVectors.Value * TSimd.Width;

        for (int r = 0; r < 3; r++)
        {
            // Three pixels are also the length of a run, so the address of the fourth pixel begins where the first one's run ends.
            float* a = r == 0 ? row0 : r == 1 ? row1 : row2;
            float* a3 = a + 3 * c;
            float* end = a3;
            do
            {
                V w0 = TSimd.Load(packed);
                V w1 = TVectors.Value > 1 ? TSimd.Load(packed + 1 * TSimd.Width) : default;
                V w2 = TVectors.Value > 2 ? TSimd.Load(packed + 2 * TSimd.Width) : default;
                V w3 = TVectors.Value > 3 ? TSimd.Load(packed + 3 * TSimd.Width) : default;
                V x = TSimd.Broadcast(*a);
                s00 = TSimd.MultiplyAdd(x, w0, s00);
                if (TVectors.Value > 1) s01 = TSimd.MultiplyAdd(x, w1, s01);
                if (TVectors.Value > 2) s02 = TSimd.MultiplyAdd(x, w2, s02);
                if (TVectors.Value > 3) s03 = TSimd.MultiplyAdd(x, w3, s03);
                if (TPixels.Value > 1)
                {
                    x = TSimd.Broadcast(a[c]);
                    s10 = TSimd.MultiplyAdd(x, w0, s10);
                    if (TVectors.Value > 1) s11 = TSimd.MultiplyAdd(x, w1, s11);
                    if (TVectors.Value > 2) s12 = TSimd.MultiplyAdd(x, w2, s12);
                    if (TVectors.Value > 3) s13 = TSimd.MultiplyAdd(x, w3, s13);
                }
                if (TPixels.Value > 2)
                {
                    x = TSimd.Broadcast(a[2 * c]);
                    s20 = TSimd.MultiplyAdd(x, w0, s20);
                    if (TVectors.Value > 1) s21 = TSimd.MultiplyAdd(x, w1, s21);
                    if (TVectors.Value > 2) s22 = TSimd.MultiplyAdd(x, w2, s22);
                    if (TVectors.Value > 3) s23 = TSimd.MultiplyAdd(x, w3, s23);
                }
                if (TPixels.Value > 3)
                {
                    x = TSimd.Broadcast(*a3);
                    s30 = TSimd.MultiplyAdd(x, w0, s30);
                    if (TVectors.Value > 1) s31 = TSimd.MultiplyAdd(x, w1, s31);
                    if (TVectors.Value > 2) s32 = TSimd.MultiplyAdd(x, w2, s32);
                    if (TVectors.Value > 3) s33 = TSimd.MultiplyAdd(x, w3, s33);
                }
                if (TPixels.Value > 4)
                {
                    x = TSimd.Broadcast(a3[c]);
                    s40 = TSimd.MultiplyAdd(x, w0, s40);
                    if (TVectors.Value > 1) s41 = TSimd.MultiplyAdd(x, w1, s41);
                    if (TVectors.Value > 2) s42 = TSimd.MultiplyAdd(x, w2, s42);
                    if (TVectors.Value > 3) s43 = TSimd.MultiplyAdd(x, w3, s43);
                }
                if (TPixels.Value > 5)
                {
                    x = TSimd.Broadcast(a3[2 * c]);
                    s50 = TSimd.MultiplyAdd(x, w0, s50);
                    if (TVectors.Value > 1) s51 = TSimd.MultiplyAdd(x, w1, s51);
                    if (TVectors.Value > 2) s52 = TSimd.MultiplyAdd(x, w2, s52);
                    if (TVectors.Value > 3) s53 = TSimd.MultiplyAdd(x, w3, s53);
                }
                packed += TVectors.Value * TSimd.Width;
                a++;
                a3++;
            }
            while (a != end);
        }

        TSimd.Store(epilogue.Apply<TSimd, V>(s00, residual), y);
        if (TVectors.Value > 1) TSimd.Store(epilogue.Apply<TSimd, V>(s01, residual + 1 * TSimd.Width), y + 1 * TSimd.Width);
        if (TVectors.Value > 2) TSimd.Store(epilogue.Apply<TSimd, V>(s02, residual + 2 * TSimd.Width), y + 2 * TSimd.Width);
        if (TVectors.Value > 3) TSimd.Store(epilogue.Apply<TSimd, V>(s03, residual + 3 * TSimd.Width), y + 3 * TSimd.Width);
        if (TPixels.Value > 1)
        {
            y += stride;
            residual += stride;
            TSimd.Store(epilogue.Apply<TSimd, V>(s10, residual), y);
            if (TVectors.Value > 1) TSimd.Store(epilogue.Apply<TSimd, V>(s11, residual + 1 * TSimd.Width), y + 1 * TSimd.Width);
            if (TVectors.Value > 2) TSimd.Store(epilogue.Apply<TSimd, V>(s12, residual + 2 * TSimd.Width), y + 2 * TSimd.Width);
            if (TVectors.Value > 3) TSimd.Store(epilogue.Apply<TSimd, V>(s13, residual + 3 * TSimd.Width), y + 3 * TSimd.Width);
        }
        if (TPixels.Value > 2)
        {
            y += stride;
            residual += stride;
            TSimd.Store(epilogue.Apply<TSimd, V>(s20, residual), y);
            if (TVectors.Value > 1) TSimd.Store(epilogue.Apply<TSimd, V>(s21, residual + 1 * TSimd.Width), y + 1 * TSimd.Width);
            if (TVectors.Value > 2) TSimd.Store(epilogue.Apply<TSimd, V>(s22, residual + 2 * TSimd.Width), y + 2 * TSimd.Width);
            if (TVectors.Value > 3) TSimd.Store(epilogue.Apply<TSimd, V>(s23, residual + 3 * TSimd.Width), y + 3 * TSimd.Width);
        }
        if (TPixels.Value > 3)
        {
            y += stride;
            residual += stride;
            TSimd.Store(epilogue.Apply<TSimd, V>(s30, residual), y);
            if (TVectors.Value > 1) TSimd.Store(epilogue.Apply<TSimd, V>(s31, residual + 1 * TSimd.Width), y + 1 * TSimd.Width);
            if (TVectors.Value > 2) TSimd.Store(epilogue.Apply<TSimd, V>(s32, residual + 2 * TSimd.Width), y + 2 * TSimd.Width);
            if (TVectors.Value > 3) TSimd.Store(epilogue.Apply<TSimd, V>(s33, residual + 3 * TSimd.Width), y + 3 * TSimd.Width);
        }
        if (TPixels.Value > 4)
        {
            y += stride;
            residual += stride;
            TSimd.Store(epilogue.Apply<TSimd, V>(s40, residual), y);
            if (TVectors.Value > 1) TSimd.Store(epilogue.Apply<TSimd, V>(s41, residual + 1 * TSimd.Width), y + 1 * TSimd.Width);
            if (TVectors.Value > 2) TSimd.Store(epilogue.Apply<TSimd, V>(s42, residual + 2 * TSimd.Width), y + 2 * TSimd.Width);
            if (TVectors.Value > 3) TSimd.Store(epilogue.Apply<TSimd, V>(s43, residual + 3 * TSimd.Width), y + 3 * TSimd.Width);
        }
        if (TPixels.Value > 5)
        {
            y += stride;
            residual += stride;
            TSimd.Store(epilogue.Apply<TSimd, V>(s50, residual), y);
            if (TVectors.Value > 1) TSimd.Store(epilogue.Apply<TSimd, V>(s51, residual + 1 * TSimd.Width), y + 1 * TSimd.Width);
            if (TVectors.Value > 2) TSimd.Store(epilogue.Apply<TSimd, V>(s52, residual + 2 * TSimd.Width), y + 2 * TSimd.Width);
            if (TVectors.Value > 3) TSimd.Store(epilogue.Apply<TSimd, V>(s53, residual + 3 * TSimd.Width), y + 3 * TSimd.Width);
        }
    }
}
