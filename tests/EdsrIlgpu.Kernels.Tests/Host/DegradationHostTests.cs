namespace EdsrIlgpu.Kernels.Tests.Host;

public unsafe class DegradationHostTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Patches_are_made_worse_as_the_definitions_say(int channels)
    {
        using var device = new HostDevice(2);
        var patches = new DegradationCase(channels, DegradationCase.All);
        using var map = new GuardedMap(patches.Shape);
        var workspace = new float[DegradationKernels.WorkspaceElements(patches.Shape)];
        fixed (byte* samples = patches.Samples)
            DegradationKernels.Cut(device, samples, patches.Cuts, patches.Table, patches.Noise, workspace, new PixelAffine(1), map.Map);
        map.AssertUntouchedAround();
        patches.AssertResult(map.Read(0, DegradationCase.Size));
    }

    [Fact]
    public void Without_strengths_patches_are_only_cut()
    {
        using var device = new HostDevice(1);
        var patches = new DegradationCase(3, default, default);
        var affine = new PixelAffine(0.5f, -1, -2, -3);
        using var worse = new GuardedMap(patches.Shape);
        using var cut = new GuardedMap(patches.Shape);
        var workspace = new float[DegradationKernels.WorkspaceElements(patches.Shape)];
        fixed (ushort* samples = patches.Words)
        {
            DegradationKernels.Cut(device, samples, patches.Cuts, patches.Table, patches.Noise, workspace, affine, worse.Map);
            PatchKernels.Cut(device, samples, patches.Cuts, affine, cut.Map);
        }
        Assert.True(TestValues.Nmse(worse.Read(0, DegradationCase.Size), cut.Read(0, DegradationCase.Size)) < 1e-12);
    }

    [Fact]
    public void Sixteen_bits_keep_what_8_bits_round_away()
    {
        using var device = new HostDevice(1);
        var patches = new DegradationCase(3, new Degradation(0.8f, 0, 0));
        using var map = new GuardedMap(patches.Shape);
        var workspace = new float[DegradationKernels.WorkspaceElements(patches.Shape)];
        fixed (ushort* samples = patches.Words)
            DegradationKernels.Cut(device, samples, patches.Cuts, patches.Table, patches.Noise, workspace, new PixelAffine(1), map.Map);
        var expected = DegradationReference.Blur(patches.Original(0), DegradationCase.Size, 3, 0.8f);
        Assert.All(expected.Zip(map.Read(0, DegradationCase.Size)), p => Assert.Equal(p.First, p.Second, 0.6 / 257));
    }

    [Fact]
    public void Noise_has_mean_0_deviation_1_and_nearly_the_tails_of_a_gaussian()
    {
        var key = new NoiseKey(1, 2, 3);
        double[] samples = [.. Enumerable.Range(0, 100_000).Select(i => (double)key.Sample((uint)i))];
        Assert.Equal(0, samples.Average(), 0.02);
        Assert.Equal(1, samples.Average(v => v * v), 0.02);
        // 3 − 6 / (5 · 8) for a sum of eight; 3 for a Gaussian.
        Assert.Equal(2.85, samples.Average(v => v * v * v * v), 0.1);
        Assert.Equal(0.0455, samples.Count(v => Math.Abs(v) > 2) / 100_000.0, 0.004);
    }

    [Fact]
    public void Strengths_out_of_range_and_buffers_too_short_are_refused()
    {
        var table = new float[DegradationTable.Length(1)];
        foreach (var strength in (Degradation[])[new(-1, 0, 0), new(5, 0, 0), new(float.NaN, 0, 0), new(0, -1, 0), new(0, float.PositiveInfinity, 0), new(0, 0, -1), new(0, 0, 101)])
            Assert.Throws<ArgumentException>(() => DegradationTable.WriteStrengths(table, [strength]));

        using var device = new HostDevice(1);
        var patches = new DegradationCase(3, default(Degradation));
        using var map = new GuardedMap(patches.Shape);
        var workspace = new float[DegradationKernels.WorkspaceElements(patches.Shape)];
        Assert.Throws<ArgumentException>(() => DegradationKernels.Cut<byte>(device, null, patches.Cuts, table.AsSpan(1), patches.Noise, workspace, new PixelAffine(1), map.Map));
        Assert.Throws<ArgumentException>(() => DegradationKernels.Cut<byte>(device, null, patches.Cuts, table, patches.Noise, workspace.AsSpan(1), new PixelAffine(1), map.Map));
    }
}
