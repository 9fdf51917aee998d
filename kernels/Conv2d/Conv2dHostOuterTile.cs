using System.Runtime.CompilerServices;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The host's register tile of the weights' gradient: outer products of up to 6 positions of one map and up to 4 vectors of
/// another, summed over all pixels of a block of rows without leaving the registers, then added to sums in memory. Named locals
/// and sizes as type parameters, as in <see cref="Conv2dHostTile"/>.
/// </summary>
internal static unsafe class Conv2dHostOuterTile
{
    /// <summary>Positions in the largest tile.</summary>
    public const int Positions = 6;

    /// <summary>sums[p][i] += Σ a[row][pixel][p] · b[row][pixel][i].</summary>
    /// <param name="positions">Positions, 1 to 6.</param>
    /// <param name="vectors">Vectors, 1 to 4.</param>
    /// <param name="a">The positions of every pixel.</param>
    /// <param name="b">The vectors of every pixel.</param>
    /// <param name="rows">Rows, at least 1.</param>
    /// <param name="width">Pixels of a row, at least 1.</param>
    /// <param name="sums">The first position's first vector.</param>
    /// <param name="stride">Floats between positions there.</param>
    public static void Run<TSimd, V>(int positions, int vectors, PixelBlock a, PixelBlock b, int rows, int width, float* sums, nint stride)
        where TSimd : struct, ISimd<V>
        where V : struct
    {
        switch (vectors)
        {
            case 1: Run<TSimd, V, Size1>(positions, a, b, rows, width, sums, stride); break;
            case 2: Run<TSimd, V, Size2>(positions, a, b, rows, width, sums, stride); break;
            case 3: Run<TSimd, V, Size3>(positions, a, b, rows, width, sums, stride); break;
            default: Run<TSimd, V, Size4>(positions, a, b, rows, width, sums, stride); break;
        }
    }

    private static void Run<TSimd, V, TVectors>(int positions, PixelBlock a, PixelBlock b, int rows, int width, float* sums, nint stride)
        where TSimd : struct, ISimd<V>
        where V : struct
        where TVectors : struct, ISize
    {
        switch (positions)
        {
            case 1: Run<TSimd, V, Size1, TVectors>(a, b, rows, width, sums, stride); break;
            case 2: Run<TSimd, V, Size2, TVectors>(a, b, rows, width, sums, stride); break;
            case 3: Run<TSimd, V, Size3, TVectors>(a, b, rows, width, sums, stride); break;
            case 4: Run<TSimd, V, Size4, TVectors>(a, b, rows, width, sums, stride); break;
            case 5: Run<TSimd, V, Size5, TVectors>(a, b, rows, width, sums, stride); break;
            default: Run<TSimd, V, Size6, TVectors>(a, b, rows, width, sums, stride); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TSimd, V, TPositions, TVectors>(PixelBlock positions, PixelBlock vectors, int rows, int width, float* sums, nint stride)
        where TSimd : struct, ISimd<V>
        where V : struct
        where TPositions : struct, ISize
        where TVectors : struct, ISize
    {
        float* a = positions.Start, b = vectors.Start;
        nint aPixel = positions.Pixel, bPixel = vectors.Pixel, aSkip = positions.Row - width * aPixel, bSkip = vectors.Row - width * bPixel;
        V s00 = default, s01 = default, s02 = default, s03 = default;
        V s10 = default, s11 = default, s12 = default, s13 = default;
        V s20 = default, s21 = default, s22 = default, s23 = default;
        V s30 = default, s31 = default, s32 = default, s33 = default;
        V s40 = default, s41 = default, s42 = default, s43 = default;
        V s50 = default, s51 = default, s52 = default, s53 = default;

        for (; rows > 0; rows--)
        {
            int pixels = width;
            do
            {
                V b0 = TSimd.Load(b);
                V b1 = TVectors.Value > 1 ? TSimd.Load(b + 1 * TSimd.Width) : default;
                V b2 = TVectors.Value > 2 ? TSimd.Load(b + 2 * TSimd.Width) : default;
                V b3 = TVectors.Value > 3 ? TSimd.Load(b + 3 * TSimd.Width) : default;
                V x = TSimd.Broadcast(*a);
                s00 = TSimd.MultiplyAdd(x, b0, s00);
                if (TVectors.Value > 1) s01 = TSimd.MultiplyAdd(x, b1, s01);
                if (TVectors.Value > 2) s02 = TSimd.MultiplyAdd(x, b2, s02);
                if (TVectors.Value > 3) s03 = TSimd.MultiplyAdd(x, b3, s03);
                if (TPositions.Value > 1)
                {
                    x = TSimd.Broadcast(a[1]);
                    s10 = TSimd.MultiplyAdd(x, b0, s10);
                    if (TVectors.Value > 1) s11 = TSimd.MultiplyAdd(x, b1, s11);
                    if (TVectors.Value > 2) s12 = TSimd.MultiplyAdd(x, b2, s12);
                    if (TVectors.Value > 3) s13 = TSimd.MultiplyAdd(x, b3, s13);
                }
                if (TPositions.Value > 2)
                {
                    x = TSimd.Broadcast(a[2]);
                    s20 = TSimd.MultiplyAdd(x, b0, s20);
                    if (TVectors.Value > 1) s21 = TSimd.MultiplyAdd(x, b1, s21);
                    if (TVectors.Value > 2) s22 = TSimd.MultiplyAdd(x, b2, s22);
                    if (TVectors.Value > 3) s23 = TSimd.MultiplyAdd(x, b3, s23);
                }
                if (TPositions.Value > 3)
                {
                    x = TSimd.Broadcast(a[3]);
                    s30 = TSimd.MultiplyAdd(x, b0, s30);
                    if (TVectors.Value > 1) s31 = TSimd.MultiplyAdd(x, b1, s31);
                    if (TVectors.Value > 2) s32 = TSimd.MultiplyAdd(x, b2, s32);
                    if (TVectors.Value > 3) s33 = TSimd.MultiplyAdd(x, b3, s33);
                }
                if (TPositions.Value > 4)
                {
                    x = TSimd.Broadcast(a[4]);
                    s40 = TSimd.MultiplyAdd(x, b0, s40);
                    if (TVectors.Value > 1) s41 = TSimd.MultiplyAdd(x, b1, s41);
                    if (TVectors.Value > 2) s42 = TSimd.MultiplyAdd(x, b2, s42);
                    if (TVectors.Value > 3) s43 = TSimd.MultiplyAdd(x, b3, s43);
                }
                if (TPositions.Value > 5)
                {
                    x = TSimd.Broadcast(a[5]);
                    s50 = TSimd.MultiplyAdd(x, b0, s50);
                    if (TVectors.Value > 1) s51 = TSimd.MultiplyAdd(x, b1, s51);
                    if (TVectors.Value > 2) s52 = TSimd.MultiplyAdd(x, b2, s52);
                    if (TVectors.Value > 3) s53 = TSimd.MultiplyAdd(x, b3, s53);
                }
                a += aPixel;
                b += bPixel;
            }
            while (--pixels > 0);
            a += aSkip;
            b += bSkip;
        }

        Add<TSimd, V>(s00, sums);
        if (TVectors.Value > 1) Add<TSimd, V>(s01, sums + 1 * TSimd.Width);
        if (TVectors.Value > 2) Add<TSimd, V>(s02, sums + 2 * TSimd.Width);
        if (TVectors.Value > 3) Add<TSimd, V>(s03, sums + 3 * TSimd.Width);
        if (TPositions.Value > 1)
        {
            sums += stride;
            Add<TSimd, V>(s10, sums);
            if (TVectors.Value > 1) Add<TSimd, V>(s11, sums + 1 * TSimd.Width);
            if (TVectors.Value > 2) Add<TSimd, V>(s12, sums + 2 * TSimd.Width);
            if (TVectors.Value > 3) Add<TSimd, V>(s13, sums + 3 * TSimd.Width);
        }
        if (TPositions.Value > 2)
        {
            sums += stride;
            Add<TSimd, V>(s20, sums);
            if (TVectors.Value > 1) Add<TSimd, V>(s21, sums + 1 * TSimd.Width);
            if (TVectors.Value > 2) Add<TSimd, V>(s22, sums + 2 * TSimd.Width);
            if (TVectors.Value > 3) Add<TSimd, V>(s23, sums + 3 * TSimd.Width);
        }
        if (TPositions.Value > 3)
        {
            sums += stride;
            Add<TSimd, V>(s30, sums);
            if (TVectors.Value > 1) Add<TSimd, V>(s31, sums + 1 * TSimd.Width);
            if (TVectors.Value > 2) Add<TSimd, V>(s32, sums + 2 * TSimd.Width);
            if (TVectors.Value > 3) Add<TSimd, V>(s33, sums + 3 * TSimd.Width);
        }
        if (TPositions.Value > 4)
        {
            sums += stride;
            Add<TSimd, V>(s40, sums);
            if (TVectors.Value > 1) Add<TSimd, V>(s41, sums + 1 * TSimd.Width);
            if (TVectors.Value > 2) Add<TSimd, V>(s42, sums + 2 * TSimd.Width);
            if (TVectors.Value > 3) Add<TSimd, V>(s43, sums + 3 * TSimd.Width);
        }
        if (TPositions.Value > 5)
        {
            sums += stride;
            Add<TSimd, V>(s50, sums);
            if (TVectors.Value > 1) Add<TSimd, V>(s51, sums + 1 * TSimd.Width);
            if (TVectors.Value > 2) Add<TSimd, V>(s52, sums + 2 * TSimd.Width);
            if (TVectors.Value > 3) Add<TSimd, V>(s53, sums + 3 * TSimd.Width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSimd, V>(V value, float* sum)
        where TSimd : struct, ISimd<V>
        where V : struct =>
        TSimd.Store(TSimd.Add(TSimd.Load(sum), value), sum);
}
