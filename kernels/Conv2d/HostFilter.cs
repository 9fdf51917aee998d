namespace EdsrIlgpu.Kernels;

/// <summary>A filter and its bias in the order one variant's loops read them, in native memory.</summary>
public sealed class HostFilter : IDisposable
{
    internal HostFilter(string variant, HostSimd simd, Conv2dShape shape, Epilogue epilogue, AlignedMemory<float> memory) =>
        (Variant, Simd, C, K, Shuffle, Memory) = (variant, simd, shape.C, shape.K, epilogue.Shuffle, memory);

    internal string Variant { get; }

    /// <summary>The order depends on the vectors' width too.</summary>
    internal HostSimd Simd { get; }

    internal int C { get; }

    internal int K { get; }

    internal int Shuffle { get; }

    internal AlignedMemory<float> Memory { get; }

    /// <summary>Bytes of native memory.</summary>
    public long Bytes => Memory.Length * sizeof(float);

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();
}
