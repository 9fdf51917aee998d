namespace EdsrIlgpu.Kernels;

/// <summary>What <see cref="ISimd{V}"/> says of a device's vectors, for code that is not compiled for them.</summary>
/// <param name="Width">Floats in a vector.</param>
/// <param name="Tile">Vectors that stand beside each other in a register tile.</param>
internal readonly record struct HostVectors(int Width, int Tile)
{
    /// <summary>The vectors of a device.</summary>
    public static HostVectors Of(HostDevice device) => device.Simd switch
    {
        HostSimd.Vector512 => new(Simd512.Width, Simd512.TileVectors),
        HostSimd.Vector256 => new(Simd256.Width, Simd256.TileVectors),
        _ => new(Simd128.Width, Simd128.TileVectors),
    };

    /// <summary>Vectors that hold <paramref name="floats"/>, the last one perhaps in part.</summary>
    public int Count(int floats) => (floats + Width - 1) / Width;
}
