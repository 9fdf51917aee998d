namespace EdsrIlgpu.Kernels;

/// <summary>Arithmetic on the unit of an elementwise accelerator kernel, as a type parameter, so that one text serves both units.</summary>
/// <typeparam name="T">float or <see cref="Float4"/>.</typeparam>
internal interface ILanes<T>
{
    /// <summary>max(0, v); NaN stays NaN.</summary>
    static abstract T Relu(T v);

    /// <summary>a · scale + b.</summary>
    static abstract T MultiplyAdd(T a, float scale, T b);
}

/// <summary>One float.</summary>
internal readonly struct ScalarLanes : ILanes<float>
{
    public static float Relu(float v) => v < 0 ? 0 : v;

    public static float MultiplyAdd(float a, float scale, float b) => a * scale + b;
}

/// <summary>Four floats.</summary>
internal readonly struct QuadLanes : ILanes<Float4>
{
    public static Float4 Relu(Float4 v) => new()
    {
        X = ScalarLanes.Relu(v.X),
        Y = ScalarLanes.Relu(v.Y),
        Z = ScalarLanes.Relu(v.Z),
        W = ScalarLanes.Relu(v.W),
    };

    public static Float4 MultiplyAdd(Float4 a, float scale, Float4 b) => new()
    {
        X = a.X * scale + b.X,
        Y = a.Y * scale + b.Y,
        Z = a.Z * scale + b.Z,
        W = a.W * scale + b.W,
    };
}
