namespace EdsrIlgpu.Kernels.Tests.Host;

public unsafe class PatchHostTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    public void Patches_are_cut_turned_and_normalised(int channels)
    {
        using var device = new HostDevice(2);
        var bytes = new PatchCase(channels, byte.MaxValue);
        using var map = new GuardedMap(bytes.Shape);
        fixed (byte* samples = bytes.Bytes)
            PatchKernels.Cut(device, samples, bytes.Cuts, bytes.Affine, map.Map);
        map.AssertUntouchedAround();
        Assert.True(TestValues.Nmse(map.Read(0, PatchCase.Size), bytes.Expected) < 1e-13);

        var words = new PatchCase(channels, ushort.MaxValue);
        fixed (ushort* samples = words.Samples)
            PatchKernels.Cut(device, samples, words.Cuts, words.Affine, map.Map);
        map.AssertUntouchedAround();
        Assert.True(TestValues.Nmse(map.Read(0, PatchCase.Size), words.Expected) < 1e-13);
    }

    [Fact]
    public void Maps_that_do_not_fit_are_refused()
    {
        using var device = new HostDevice(1);
        var patches = new PatchCase(3, byte.MaxValue);
        foreach (var shape in (MapShape[])[new(9, 5, 5, 3), new(10, 5, 4, 3), new(10, 5, 5, 3, 2), new(10, 5, 5, 5)])
        {
            using var map = new GuardedMap(shape);
            Assert.Throws<ArgumentException>(() =>
            {
                fixed (byte* samples = patches.Bytes)
                    PatchKernels.Cut(device, samples, patches.Cuts, patches.Affine, map.Map);
            });
        }
    }
}
