using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Benchmarks;

/// <summary>
/// The machine's peak of fused multiply-adds, measured: twelve independent chains in registers on every thread of a device.
/// Clocks drift, so every timing takes its own peak just before and after.
/// </summary>
internal static class FmaPeak
{
    private const long Rounds = 1_000_000;

    /// <summary>GFLOP/s of all threads of the device.</summary>
    public static double Measure(HostDevice device)
    {
        int lanes = Avx512F.IsSupported ? 16 : Vector256.IsHardwareAccelerated ? 8 : 4;
        int pieces = device.Pool.Threads * 4;
        var start = Stopwatch.GetTimestamp();
        device.Pool.Run(new Chains(), pieces);
        return pieces * Rounds * 12.0 * 2 * lanes / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    private struct Chains : IWork
    {
        private static float sink;

        public readonly void Run(int piece) =>
            sink = Avx512F.IsSupported ? Chain512() : Vector256.IsHardwareAccelerated ? Chain256() : Chain128();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain512()
    {
        Vector512<float> m = Vector512.Create(0.999f), a = m, b = m, c = m, d = m, e = m, f = m, g = m, h = m, i = m, j = m, k = m, l = m;
        for (long r = 0; r < Rounds; r++)
        {
            a = Vector512.FusedMultiplyAdd(a, m, m);
            b = Vector512.FusedMultiplyAdd(b, m, m);
            c = Vector512.FusedMultiplyAdd(c, m, m);
            d = Vector512.FusedMultiplyAdd(d, m, m);
            e = Vector512.FusedMultiplyAdd(e, m, m);
            f = Vector512.FusedMultiplyAdd(f, m, m);
            g = Vector512.FusedMultiplyAdd(g, m, m);
            h = Vector512.FusedMultiplyAdd(h, m, m);
            i = Vector512.FusedMultiplyAdd(i, m, m);
            j = Vector512.FusedMultiplyAdd(j, m, m);
            k = Vector512.FusedMultiplyAdd(k, m, m);
            l = Vector512.FusedMultiplyAdd(l, m, m);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain256()
    {
        Vector256<float> m = Vector256.Create(0.999f), a = m, b = m, c = m, d = m, e = m, f = m, g = m, h = m, i = m, j = m, k = m, l = m;
        for (long r = 0; r < Rounds; r++)
        {
            a = Vector256.FusedMultiplyAdd(a, m, m);
            b = Vector256.FusedMultiplyAdd(b, m, m);
            c = Vector256.FusedMultiplyAdd(c, m, m);
            d = Vector256.FusedMultiplyAdd(d, m, m);
            e = Vector256.FusedMultiplyAdd(e, m, m);
            f = Vector256.FusedMultiplyAdd(f, m, m);
            g = Vector256.FusedMultiplyAdd(g, m, m);
            h = Vector256.FusedMultiplyAdd(h, m, m);
            i = Vector256.FusedMultiplyAdd(i, m, m);
            j = Vector256.FusedMultiplyAdd(j, m, m);
            k = Vector256.FusedMultiplyAdd(k, m, m);
            l = Vector256.FusedMultiplyAdd(l, m, m);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Chain128()
    {
        Vector128<float> m = Vector128.Create(0.999f), a = m, b = m, c = m, d = m, e = m, f = m, g = m, h = m, i = m, j = m, k = m, l = m;
        for (long r = 0; r < Rounds; r++)
        {
            a = MultiplyAdd(a, m);
            b = MultiplyAdd(b, m);
            c = MultiplyAdd(c, m);
            d = MultiplyAdd(d, m);
            e = MultiplyAdd(e, m);
            f = MultiplyAdd(f, m);
            g = MultiplyAdd(g, m);
            h = MultiplyAdd(h, m);
            i = MultiplyAdd(i, m);
            j = MultiplyAdd(j, m);
            k = MultiplyAdd(k, m);
            l = MultiplyAdd(l, m);
        }
        return Vector128.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }

    // Without the instruction a fused sum is a call into the math library; kernels then round twice, and so does the peak.
    private static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> m) =>
        Fma.IsSupported || AdvSimd.IsSupported ? Vector128.FusedMultiplyAdd(a, m, m) : a * m + m;
}
