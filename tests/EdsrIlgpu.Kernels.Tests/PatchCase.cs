namespace EdsrIlgpu.Kernels.Tests;

/// <summary>Two pictures of noise in one array, and a patch of them in each of the eight turns.</summary>
internal sealed class PatchCase
{
    public const int Size = 5;

    /// <param name="channels">Channels of both.</param>
    /// <param name="max">Largest sample.</param>
    public PatchCase(int channels, int max)
    {
        Channels = channels;
        Max = max;
        var random = new Random(channels);
        Samples = new ushort[(7 * 9 + 5 * 6) * channels];
        for (int i = 0; i < Samples.Length; i++)
            Samples[i] = (ushort)random.Next(max + 1);
        // Eight in the first picture of 7 × 9, two in the second of 5 rows and 6 columns, where they touch the corners.
        Cuts =
        [
            .. Enum.GetValues<Dihedral>().Select((turn, i) => new PatchCut(0, 7 * channels, i % 3, i % 5, turn)),
            new PatchCut(63 * channels, 6 * channels, 0, 0, Dihedral.Rotate90),
            new PatchCut(63 * channels, 6 * channels, 1, 0, Dihedral.Identity),
        ];
    }

    public int Channels { get; }

    public int Max { get; }

    public ushort[] Samples { get; }

    public byte[] Bytes => Array.ConvertAll(Samples, s => (byte)s);

    public PatchCut[] Cuts { get; }

    public PixelAffine Affine { get; } = new(0.5f, -1, -2, -3, 7);

    public MapShape Shape => new(Cuts.Length, Size, Size, Channels);

    public double[] Expected => PatchReference.Cut(Samples, Max, Cuts, Size, Channels, Affine);
}
