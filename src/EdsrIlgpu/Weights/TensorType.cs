namespace EdsrIlgpu.Weights;

/// <summary>Element types that weight files store.</summary>
public enum TensorType
{
    /// <summary>64-bit floating point.</summary>
    Float64,

    /// <summary>32-bit floating point.</summary>
    Float32,

    /// <summary>16-bit floating point, IEEE.</summary>
    Float16,

    /// <summary>16-bit floating point with the exponent of 32-bit ones.</summary>
    BFloat16,

    /// <summary>8-bit floating point, 4 bits of exponent.</summary>
    Float8E4M3,

    /// <summary>8-bit floating point, 5 bits of exponent.</summary>
    Float8E5M2,

    /// <summary>64-bit integer.</summary>
    Int64,

    /// <summary>32-bit integer.</summary>
    Int32,

    /// <summary>16-bit integer.</summary>
    Int16,

    /// <summary>8-bit integer.</summary>
    Int8,

    /// <summary>64-bit unsigned integer.</summary>
    UInt64,

    /// <summary>32-bit unsigned integer.</summary>
    UInt32,

    /// <summary>16-bit unsigned integer.</summary>
    UInt16,

    /// <summary>8-bit unsigned integer.</summary>
    UInt8,

    /// <summary>A byte that is 0 or 1.</summary>
    Bool,

    /// <summary>Two 32-bit floats.</summary>
    Complex64,

    /// <summary>Two 64-bit floats.</summary>
    Complex128,
}
