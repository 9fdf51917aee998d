namespace EdsrIlgpu.Kernels;

/// <summary>
/// Random numbers by counting: Philox4x32-10 of J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel Random Numbers: As
/// Easy as 1, 2, 3" (SC 2011). A block of four 32-bit numbers is a function of its key and counter alone, so whatever is drawn is the
/// same on every device, in every order, and after a resume. Works on the host and in kernels.
/// </summary>
public static class Philox
{
    private const int Rounds = 10;

    // The multipliers and the key's increments (golden ratio, √3 − 1) of the paper.
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57, Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;

    /// <summary>A block of a training run.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">What the numbers are for, so that different uses do not meet.</param>
    /// <param name="step">The step they are for.</param>
    /// <param name="index">Which of the step's blocks.</param>
    public static PhiloxBlock Draw(ulong seed, uint purpose, ulong step, uint index) =>
        Block(new PhiloxBlock(index, purpose, (uint)step, (uint)(step >> 32)), (uint)seed, (uint)(seed >> 32));

    /// <summary>The cipher itself.</summary>
    /// <param name="counter">The counter's four words.</param>
    /// <param name="key0">The key's first word.</param>
    /// <param name="key1">The key's second word.</param>
    public static PhiloxBlock Block(PhiloxBlock counter, uint key0, uint key1)
    {
        uint a = counter.A, b = counter.B, c = counter.C, d = counter.D;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * a, product1 = (ulong)Multiplier1 * c;
            a = (uint)(product1 >> 32) ^ b ^ key0;
            b = (uint)product1;
            c = (uint)(product0 >> 32) ^ d ^ key1;
            d = (uint)product0;
            key0 += Weyl0;
            key1 += Weyl1;
        }
        return new PhiloxBlock(a, b, c, d);
    }
}
