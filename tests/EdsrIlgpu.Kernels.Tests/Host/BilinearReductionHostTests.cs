namespace EdsrIlgpu.Kernels.Tests.Host;

public unsafe class BilinearReductionHostTests
{
    [Fact]
    public void Bytes_come_out_as_pillow_makes_them()
    {
        using var device = new HostDevice(2);
        foreach (var (scale, result) in BilinearGolden.Results)
        {
            var y = new byte[result.Length];
            fixed (byte* samples = BilinearGolden.Picture, to = y)
                BilinearReductionKernels.Forward(device, samples, [new PatchCut(0, BilinearGolden.Size * 3, 0, 0, Dihedral.FlipX)], new BilinearTaps(BilinearGolden.Size / scale, scale), 3, to);
            Assert.Equal(result, y);
            Assert.Equal(result, BilinearReductionReference.Forward([.. BilinearGolden.Picture.Select(v => (int)v)], BilinearGolden.Size, 3, scale).Select(v => (byte)v));
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(3, 3)]
    public void Patches_of_16_bits_meet_the_reference(int channels, int scale)
    {
        using var device = new HostDevice(2);
        var random = new Random(1);
        int width = 4 * scale + 3, size = 4 * scale;
        var samples = new ushort[2 * width * width * channels];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (ushort)(random.Next(8) == 0 ? 65535 : random.Next(65536));
        PatchCut[] cuts = [new(0, width * channels, 3, 1, Dihedral.Identity), new(width * width * channels, width * channels, 0, 3, Dihedral.Rotate90)];
        var y = new ushort[2 * 4 * 4 * channels];
        fixed (ushort* from = samples, to = y)
            BilinearReductionKernels.Forward(device, from, cuts, new BilinearTaps(4, scale), channels, to);
        for (int n = 0; n < 2; n++)
        {
            var patch = PatchReference.Cut(samples, 65535, [cuts[n] with { Turn = Dihedral.Identity }], size, channels, new PixelAffine(257)).Select(v => (int)Math.Round(v)).ToArray();
            Assert.All(BilinearReductionReference.Forward(patch, size, channels, scale).Zip(y[(n * 16 * channels)..]), p => Assert.InRange(p.First - p.Second, -1, 1));
        }
    }

    [Fact]
    public void Scale_1_changes_nothing()
    {
        using var device = new HostDevice(1);
        var y = new byte[BilinearGolden.Picture.Length];
        fixed (byte* samples = BilinearGolden.Picture, to = y)
            BilinearReductionKernels.Forward(device, samples, [PatchCut.OfDense(0, BilinearGolden.Size, 3, Dihedral.Identity)], new BilinearTaps(BilinearGolden.Size, 1), 3, to);
        Assert.Equal(BilinearGolden.Picture, y);
    }
}
