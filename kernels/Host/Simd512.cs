using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdsrIlgpu.Kernels;

/// <summary>AVX-512: 32 registers hold a tile of 6 × 4 sums, 4 of the filter and 1 of the picture.</summary>
internal readonly unsafe struct Simd512 : ISimd<Vector512<float>>
{
    public static int Width => 16;

    public static int TileVectors => 4;

    public static Vector512<float> Load(float* address) => Vector512.Load(address);

    public static void Store(Vector512<float> value, float* address) => value.Store(address);

    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    public static Vector512<float> Add(Vector512<float> a, Vector512<float> b) => a + b;

    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => Avx512F.FusedMultiplyAdd(a, b, c);

    // The second operand is what the instruction returns when one is NaN.
    public static Vector512<float> Relu(Vector512<float> a) => Avx512F.Max(Vector512<float>.Zero, a);

    public static Vector512<float> WherePositive(Vector512<float> mask, Vector512<float> v) =>
        Vector512.GreaterThan(mask, Vector512<float>.Zero) & v;

    public static float Sum(Vector512<float> a) => Vector512.Sum(a);
}
