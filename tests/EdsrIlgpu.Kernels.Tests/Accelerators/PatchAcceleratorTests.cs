namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Patches cut, reduced and made worse on every accelerator there is: as on the host, to the bit where only whole numbers are summed.</summary>
[Collection(AcceleratorCollection.Name)]
[Trait(Oclgrind.Trait, "yes")]
public class PatchAcceleratorTests(AcceleratorFixture accelerators)
{
    public static TheoryData<string> Kinds => AcceleratorFixture.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Patches_are_cut_turned_and_normalised(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (int channels in (int[])[1, 3])
        {
            var bytes = new PatchCase(channels, byte.MaxValue);
            var words = new PatchCase(channels, ushort.MaxValue);
            using var map = new GuardedDeviceMap(accelerator, bytes.Shape);
            using var cuts = accelerator.Upload(bytes.Cuts);

            using var samples = accelerator.Upload(bytes.Bytes);
            PatchKernels.Cut(accelerator.Device, accelerator.Stream, samples.View, cuts.View, bytes.Affine, map.Map);
            map.AssertUntouchedAround();
            Assert.True(TestValues.Nmse(map.Read(0, PatchCase.Size), bytes.Expected) < 1e-13);

            using var samples16 = accelerator.Upload(words.Samples);
            PatchKernels.Cut(accelerator.Device, accelerator.Stream, samples16.View, cuts.View, words.Affine, map.Map);
            map.AssertUntouchedAround();
            Assert.True(TestValues.Nmse(map.Read(0, PatchCase.Size), words.Expected) < 1e-13);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Bytes_are_reduced_as_pillow_reduces_them(string kind)
    {
        var accelerator = accelerators.Open(kind);
        using var bytes = accelerator.Upload(BilinearGolden.Picture);
        using var words = accelerator.Upload(Array.ConvertAll(BilinearGolden.Picture, v => (ushort)v));
        using var cuts = accelerator.Upload([new PatchCut(0, BilinearGolden.Size * 3, 0, 0, Dihedral.FlipX)]);
        foreach (var (scale, result) in accelerator.IsSlow ? BilinearGolden.Results[..2] : BilinearGolden.Results)
        {
            var taps = new BilinearTaps(BilinearGolden.Size / scale, scale);
            using var table = accelerator.Upload(taps.Table.ToArray());
            using var y = accelerator.Upload(new byte[result.Length]);
            using var y16 = accelerator.Upload(new ushort[result.Length]);
            BilinearReductionKernels.Forward(accelerator.Device, accelerator.Stream, bytes.View, cuts.View, taps, table.View, 3, y.View);
            BilinearReductionKernels.Forward(accelerator.Device, accelerator.Stream, words.View, cuts.View, taps, table.View, 3, y16.View);
            Assert.Equal(result, accelerator.Download(y));
            Assert.Equal(result.Select(v => (ushort)v), accelerator.Download(y16));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Patches_are_made_worse_as_the_definitions_say(string kind)
    {
        var accelerator = accelerators.Open(kind);
        foreach (int channels in (int[])[1, 3])
        {
            // The simulators are slow: one patch of everything.
            var patches = new DegradationCase(channels, accelerator.IsSlow ? [new(0.6f, 5, 40)] : DegradationCase.All);
            using var map = new GuardedDeviceMap(accelerator, patches.Shape);
            using var cuts = accelerator.Upload(patches.Cuts);
            using var table = accelerator.Upload(patches.Table);
            using var samples = accelerator.Upload(patches.Samples);
            DegradationKernels.Cut(accelerator.Device, accelerator.Stream, samples.View, cuts.View, table.View, patches.Noise, new PixelAffine(1), map.Map);
            map.AssertUntouchedAround();
            patches.AssertResult(map.Read(0, DegradationCase.Size));
        }

        var fine = new DegradationCase(3, new Degradation(0.8f, 0, 0));
        using var fineMap = new GuardedDeviceMap(accelerator, fine.Shape);
        using var fineCuts = accelerator.Upload(fine.Cuts);
        using var fineTable = accelerator.Upload(fine.Table);
        using var words = accelerator.Upload(fine.Words);
        DegradationKernels.Cut(accelerator.Device, accelerator.Stream, words.View, fineCuts.View, fineTable.View, fine.Noise, new PixelAffine(1), fineMap.Map);
        fineMap.AssertUntouchedAround();
        var expected = DegradationReference.Blur(fine.Original(0), DegradationCase.Size, 3, 0.8f);
        Assert.All(expected.Zip(fineMap.Read(0, DegradationCase.Size)), p => Assert.Equal(p.First, p.Second, 0.6 / 257));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Buffers_that_do_not_fit_are_refused(string kind)
    {
        var accelerator = accelerators.Open(kind);
        var (device, stream) = (accelerator.Device, accelerator.Stream);
        using var samples = accelerator.Upload(new byte[300]);
        using var cuts = accelerator.Upload(new PatchCut[2]);
        using var one = new GuardedDeviceMap(accelerator, new MapShape(1, 4, 4, 3));
        using var two = new GuardedDeviceMap(accelerator, new MapShape(2, 4, 4, 3));
        using var table = accelerator.Upload(new float[DegradationTable.Length(1)]);
        var taps = new BilinearTaps(2, 2);
        using var shortTable = accelerator.Upload(new int[taps.Table.Length - 1]);
        Assert.Throws<ArgumentException>(() => PatchKernels.Cut(device, stream, samples.View, cuts.View, new PixelAffine(1), one.Map));
        Assert.Throws<ArgumentException>(() => DegradationKernels.Cut(device, stream, samples.View, cuts.View, table.View, default, new PixelAffine(1), two.Map));
        Assert.Throws<ArgumentException>(() => BilinearReductionKernels.Forward(device, stream, samples.View, cuts.View, taps, shortTable.View, 3, samples.View));
    }
}
