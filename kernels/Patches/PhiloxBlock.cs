namespace EdsrIlgpu.Kernels;

/// <summary>Four words of <see cref="Philox"/>, a counter or what is drawn with it.</summary>
/// <param name="A">First word.</param>
/// <param name="B">Second word.</param>
/// <param name="C">Third word.</param>
/// <param name="D">Fourth word.</param>
public readonly record struct PhiloxBlock(uint A, uint B, uint C, uint D)
{
    /// <summary>A word as a number of [0, 1), a multiple of 2⁻²⁴.</summary>
    public static float Unit(uint word) => (word >> 8) * (1f / (1 << 24));
}
