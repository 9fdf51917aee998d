namespace EdsrIlgpu.Kernels.Tests;

/// <summary>Patches of 11 × 11 pixels, two blocks of JPEG along a side and not filling them, each made worse in its own way.</summary>
internal sealed class DegradationCase
{
    public const int Size = 11;

    public DegradationCase(int channels, params Degradation[] strengths)
    {
        Channels = channels;
        var random = new Random(5);
        Width = Size + 3;
        // Smooth waves with noise on them, so that there is something for every frequency.
        Samples = new byte[Width * Width * channels];
        for (int i = 0; i < Samples.Length; i++)
            Samples[i] = (byte)Math.Clamp(128 + 70 * Math.Sin(i / channels % Width * 0.7 + i % channels) + 50 * Math.Cos(i / channels / Width * 0.4) + random.Next(-20, 21), 0, 255);
        Strengths = strengths;
        Cuts = [.. strengths.Select((_, i) => new PatchCut(0, Width * channels, i % 4, i % 3, (Dihedral)(i % 8)))];
        Table = new float[DegradationTable.Length(strengths.Length)];
        DegradationTable.WriteConstants(Table);
        DegradationTable.WriteStrengths(Table, strengths);
    }

    public int Channels { get; }

    public int Width { get; }

    public byte[] Samples { get; }

    public ushort[] Words => Array.ConvertAll(Samples, s => (ushort)(s * 257));

    public Degradation[] Strengths { get; }

    public PatchCut[] Cuts { get; }

    public float[] Table { get; }

    public NoiseKey Noise { get; } = new(11, 3, 22);

    public MapShape Shape => new(Cuts.Length, Size, Size, Channels);

    /// <summary>Patch n as it is in the picture, not turned.</summary>
    public double[] Original(int n) => PatchReference.Cut(Array.ConvertAll(Samples, s => (ushort)s), 255, [Cuts[n] with { Turn = Dihedral.Identity }], Size, Channels, new PixelAffine(1));

    /// <summary>Patch n of a result, turned back.</summary>
    public double[] TurnedBack(double[] result, int n)
    {
        int length = Size * Size * Channels;
        return DihedralReference.Forward(result[(n * length)..((n + 1) * length)], 1, Size, Size, Channels, Cuts[n].Turn.Inverse());
    }

    /// <summary>Checks a result, of values 0–255, against the reference.</summary>
    public void AssertResult(double[] result)
    {
        for (int n = 0; n < Cuts.Length; n++)
        {
            var (blur, noise, quality) = Strengths[n];
            var actual = TurnedBack(result, n);
            var expected = DegradationReference.Blur(Original(n), Size, Channels, blur);
            for (int i = 0; i < expected.Length; i++)
                expected[i] = Math.Floor(Math.Clamp(expected[i] + noise * Noise.Sample((uint)(n * expected.Length + i)), 0, 255) + 0.5);
            if (quality > 0)
                expected = [.. DegradationReference.Jpeg(expected, Size, Channels, quality).Select(v => Math.Floor(v + 0.5))];
            // What lies between two values may fall to either side: a sample; or a coefficient, which moves its block (those of whole
            // samples are eighths, so that there are such).
            int other = expected.Zip(actual).Count(p => Math.Abs(p.First - p.Second) > 1e-3);
            Assert.True(other <= expected.Length / (quality > 0 ? 10 : 100), $"{Strengths[n]}: {other} of {expected.Length} samples differ.");
            double most = quality > 0 ? 4.001 : 1.001;
            Assert.All(expected.Zip(actual), p => Assert.InRange(p.First - p.Second, -most, most));
        }
    }

    public static Degradation[] All { get; } =
    [
        default, new(0.6f, 0, 0), new(Degradation.MaxBlur, 0, 0), new(0, 12, 0), new(0, 0, 10), new(0, 0, 50), new(0, 0, 95), new(0, 0, 100), new(0, 0, 1), new(1.2f, 5, 40),
    ];
}
