namespace EdsrIlgpu.Kernels;

/// <summary>What the noise of a batch follows from: the arguments of <see cref="Philox.Draw"/> but the index.</summary>
/// <param name="Seed">The run's seed.</param>
/// <param name="Purpose">What tells noise from other random numbers.</param>
/// <param name="Step">The batch's number.</param>
public readonly record struct NoiseKey(ulong Seed, uint Purpose, ulong Step)
{
    /// <summary>
    /// Sample <paramref name="index"/> of noise with mean 0 and standard deviation 1: the sum of eight uniform numbers of 16 bits, which
    /// differs little from a Gaussian (it ends at ±4.9) and is the same to the bit on every device.
    /// </summary>
    public float Sample(uint index)
    {
        var words = Philox.Draw(Seed, Purpose, Step, index);
        int sum = Halves(words.A) + Halves(words.B) + Halves(words.C) + Halves(words.D);
        // Mean 8 · 65535 / 2; variance 8 · (65536² − 1) / 12.
        return (sum - 8 * 65535 / 2) * (1 / 53509.92f);
    }

    private static int Halves(uint word) => (int)(word & 0xFFFF) + (int)(word >> 16);
}
