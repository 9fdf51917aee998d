using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace EdsrIlgpu.Kernels;

/// <summary>Any processor: SSE with 16 registers, NEON with 32.</summary>
internal readonly unsafe struct Simd128 : ISimd<Vector128<float>>
{
    public static int Width => 4;

    public static int TileVectors => AdvSimd.IsSupported ? 4 : 2;

    public static Vector128<float> Load(float* address) => Vector128.Load(address);

    public static void Store(Vector128<float> value, float* address) => value.Store(address);

    public static Vector128<float> Broadcast(float value) => Vector128.Create(value);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    // Without FMA instructions a fused sum is a call into the math library for every float: two roundings instead.
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Fma.IsSupported || AdvSimd.IsSupported ? Vector128.FusedMultiplyAdd(a, b, c) : a * b + c;

    // SSE returns the second operand when one is NaN; NEON returns NaN anyway.
    public static Vector128<float> Relu(Vector128<float> a) =>
        Sse.IsSupported ? Sse.Max(Vector128<float>.Zero, a) : Vector128.Max(Vector128<float>.Zero, a);

    public static Vector128<float> WherePositive(Vector128<float> mask, Vector128<float> v) =>
        Vector128.GreaterThan(mask, Vector128<float>.Zero) & v;

    public static float Sum(Vector128<float> a) => Vector128.Sum(a);
}
