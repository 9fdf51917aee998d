namespace EdsrIlgpu.Kernels;

/// <summary>A pixel's channel as accelerator kernels load and store it, as a type parameter.</summary>
/// <typeparam name="T">byte or ushort.</typeparam>
internal interface IPixel<T>
{
    /// <summary>The largest value.</summary>
    static abstract float Max { get; }

    /// <summary>The value, 0 to <see cref="Max"/>.</summary>
    static abstract float ToSingle(T value);

    /// <summary>A value of 0 to <see cref="Max"/>, the fraction dropped.</summary>
    static abstract T Truncate(float value);
}
