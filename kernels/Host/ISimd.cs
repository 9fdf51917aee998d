namespace EdsrIlgpu.Kernels;

/// <summary>
/// One vector width as a type parameter. The operations work on the bare vector type, because the JIT keeps bare vectors in
/// registers and not always structs that wrap them.
/// </summary>
/// <typeparam name="V">The vector type.</typeparam>
internal unsafe interface ISimd<V> where V : struct
{
    /// <summary>Floats in a vector.</summary>
    static abstract int Width { get; }

    /// <summary>Vectors that stand beside each other in a register tile of six pixels: as many as the register file holds.</summary>
    static abstract int TileVectors { get; }

    static abstract V Load(float* address);

    static abstract void Store(V value, float* address);

    static abstract V Broadcast(float value);

    static abstract V Add(V a, V b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract V MultiplyAdd(V a, V b, V c);

    /// <summary>max(0, a); NaN stays NaN.</summary>
    static abstract V Relu(V a);

    /// <summary>v where <paramref name="mask"/> is above 0, else 0.</summary>
    static abstract V WherePositive(V mask, V v);

    static abstract float Sum(V a);
}
