namespace EdsrIlgpu.Kernels;

/// <summary>
/// Arithmetic on the unit of an elementwise accelerator kernel, one float or a <see cref="Float4"/>, as a type parameter, so that
/// one text serves both.
/// </summary>
/// <typeparam name="T">The unit.</typeparam>
internal interface ILanes<T>
{
    /// <summary>max(0, v); NaN stays NaN.</summary>
    static abstract T Relu(T v);

    /// <summary>v where <paramref name="mask"/> is above 0, else 0.</summary>
    static abstract T WherePositive(T mask, T v);

    /// <summary>a · scale + b.</summary>
    static abstract T MultiplyAdd(T a, float scale, T b);
}
