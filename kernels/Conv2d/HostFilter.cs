namespace EdsrIlgpu.Kernels;

/// <summary>A filter and its bias in the order one variant's loops read them, in native memory.</summary>
public sealed class HostFilter : IDisposable
{
    internal HostFilter(string variant, Conv2dShape shape, Epilogue epilogue, AlignedMemory<float> memory) =>
        (Variant, C, K, Shuffle, Memory) = (variant, shape.C, shape.K, epilogue.Shuffle, memory);

    internal string Variant { get; }

    internal int C { get; }

    internal int K { get; }

    internal int Shuffle { get; }

    internal AlignedMemory<float> Memory { get; }

    /// <summary>Bytes of native memory.</summary>
    public long Bytes => Memory.Length * sizeof(float);

    /// <inheritdoc/>
    public void Dispose() => Memory.Dispose();
}
