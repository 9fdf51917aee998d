using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdsrIlgpu.Kernels;

/// <summary>AVX2 with FMA: 16 registers hold a tile of 6 × 2 sums, 2 of the filter and 1 of the picture.</summary>
internal readonly unsafe struct Simd256 : ISimd<Vector256<float>>
{
    public static int Width => 8;

    public static int TileVectors => 2;

    public static Vector256<float> Load(float* address) => Vector256.Load(address);

    public static void Store(Vector256<float> value, float* address) => value.Store(address);

    public static Vector256<float> Broadcast(float value) => Vector256.Create(value);

    public static Vector256<float> Add(Vector256<float> a, Vector256<float> b) => a + b;

    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => Fma.MultiplyAdd(a, b, c);

    // The second operand is what the instruction returns when one is NaN.
    public static Vector256<float> Relu(Vector256<float> a) => Avx.Max(Vector256<float>.Zero, a);

    public static Vector256<float> WherePositive(Vector256<float> mask, Vector256<float> v) =>
        Vector256.GreaterThan(mask, Vector256<float>.Zero) & v;

    public static float Sum(Vector256<float> a) => Vector256.Sum(a);
}
