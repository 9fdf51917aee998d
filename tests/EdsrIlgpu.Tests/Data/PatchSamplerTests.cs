using EdsrIlgpu.Data;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Data;

public class PatchSamplerTests
{
    private static readonly PatchOptions Options = new(2) { Patch = 6, Batch = 5, Seed = 7 };

    [Fact]
    public void A_batch_does_not_depend_on_what_came_before_or_on_threads()
    {
        var pictures = Load(Options);
        using var sampler = new PatchSampler(pictures, PixelRange.EdsrPyTorch);
        using var batch = new HostBatch(Options, threads: 1);
        var inOrder = Enumerable.Range(0, 4).Select(step => batch.Read(sampler, step)).ToArray();
        Assert.NotEqual(inOrder[0].X, inOrder[1].X);

        using var again = new PatchSampler(Load(Options), PixelRange.EdsrPyTorch);
        using var threads = new HostBatch(Options, threads: 3);
        foreach (int step in (int[])[2, 0, 3, 1, 2])
        {
            var (x, target) = threads.Read(again, step);
            Assert.Equal(inOrder[step].X, x);
            Assert.Equal(inOrder[step].Target, target);
        }
        using var otherSeed = new PatchSampler(Load(Options with { Seed = 8 }), PixelRange.EdsrPyTorch);
        Assert.NotEqual(inOrder[0].X, batch.Read(otherSeed, 0).X);
    }

    // What a run draws is part of what its seed means; a change here changes every run that is resumed. Computed by another program.
    [Fact]
    public void Places_are_the_same_in_every_process_and_version()
    {
        using var sampler = new PatchSampler(Load(Options), PixelRange.EdsrPyTorch);
        Assert.Equal(
            [new(1, 0, 8, Dihedral.Identity), new(1, 0, 11, Dihedral.FlipY), new(1, 1, 2, Dihedral.Transpose)],
            Enumerable.Range(0, 3).Select(i => sampler.Place(1_000_000, i)));
    }

    [Fact]
    public void Patches_are_the_pictures_turned_and_normalised()
    {
        var pictures = Load(Options);
        using var sampler = new PatchSampler(pictures, PixelRange.EdsrPyTorch);
        using var batch = new HostBatch(Options);
        var (x, target) = batch.Read(sampler, 3);
        for (int i = 0; i < Options.Batch; i++)
        {
            var place = sampler.Place(3, i);
            var pair = pictures.Pairs[place.Picture];
            AssertPatch(pair.Lr!.ToPicture().Crop(place.X, place.Y, 6, 6), place.Turn, x.AsSpan(i * 6 * 6 * 3, 6 * 6 * 3));
            AssertPatch(pair.Hr.ToPicture().Crop(place.X * 2, place.Y * 2, 12, 12), place.Turn, target.AsSpan(i * 12 * 12 * 3, 12 * 12 * 3));
        }

        static void AssertPatch(Picture crop, Dihedral turn, ReadOnlySpan<float> values)
        {
            byte[] turned = DihedralReference.Forward(crop.Pixels, 1, crop.Height, crop.Width, 3, turn);
            for (int i = 0; i < turned.Length; i++)
                Assert.Equal(turned[i] + PixelRange.EdsrPyTorch.InputOffset[i % 3], values[i]);
        }
    }

    [Fact]
    public void Patches_are_shown_as_the_network_gets_them()
    {
        using var sampler = new PatchSampler(Load(Options), PixelRange.EdsrPyTorch);
        using var batch = new HostBatch(Options);
        var (x, target) = batch.Read(sampler, 3);
        var shown = sampler.Show(3);
        Assert.Equal(Options.Batch, shown.Count);
        Assert.Equal(x.Select((v, i) => (byte)MathF.Round(v - PixelRange.EdsrPyTorch.InputOffset[i % 3])), shown.SelectMany(s => s.Lr.Pixels));
        Assert.Equal(target.Select((v, i) => (byte)MathF.Round(v - PixelRange.EdsrPyTorch.InputOffset[i % 3])), shown.SelectMany(s => s.Hr.Pixels));
    }

    [Fact]
    public void Lr_patches_of_the_tutorial_are_hr_patches_made_smaller_by_bilinear()
    {
        var options = Options with { Reduction = Reduction.Bilinear };
        var pictures = Load(options);
        Assert.All(pictures.Pairs, p => Assert.Null(p.Lr));
        using var sampler = new PatchSampler(pictures, PixelRange.EdsrPyTorch);
        // Patches begin at odd pixels, too.
        Assert.Contains(Enumerable.Range(0, 20), i => sampler.Place(i / 5, i % 5).X % 2 == 1);
        foreach (var (shown, i) in sampler.Show(3).Select((s, i) => (s, i)))
        {
            var place = sampler.Place(3, i);
            var crop = pictures.Pairs[place.Picture].Hr.ToPicture().Crop(place.X, place.Y, 12, 12);
            Assert.Equal(DihedralReference.Forward(crop.Pixels, 1, 12, 12, 3, place.Turn), shown.Hr.Pixels);
            var small = BilinearReductionReference.Forward([.. crop.Pixels.Select(v => (int)v)], 12, 3, 2);
            Assert.Equal(DihedralReference.Forward(small, 1, 6, 6, 3, place.Turn).Select(v => (byte)v), shown.Lr.Pixels);
        }
    }

    [Fact]
    public void Degradations_are_drawn_for_each_patch_and_leave_the_target_alone()
    {
        using var plain = new PatchSampler(Load(Options), PixelRange.EdsrPyTorch);
        using var worse = new PatchSampler(Load(Options with { Degradations = DegradationRanges.Parse("jpeg,noise:5-9,blur") }), PixelRange.EdsrPyTorch);
        using var batch = new HostBatch(Options);
        var (x, target) = batch.Read(plain, 2);
        var (xWorse, targetWorse) = batch.Read(worse, 2);
        Assert.Equal(target, targetWorse);
        int differing = x.Zip(xWorse).Count(p => p.First != p.Second);
        Assert.InRange(differing, x.Length * 3 / 4, x.Length);
        batch.Read(worse, 0);
        Assert.Equal(xWorse, batch.Read(worse, 2).X);

        var strengths = Enumerable.Range(0, 1000).Select(i => worse.Options.Degradations!.Draw(7, 0, i)).ToArray();
        Assert.All(strengths, s => Assert.True(s.JpegQuality is >= 30 and <= 95 && s.Noise is >= 5 and <= 9 && s.Blur is >= 0 and <= 2));
        Assert.Equal(66, strengths.Select(s => s.JpegQuality).Distinct().Count());
        Assert.Equal(7, strengths.Average(s => s.Noise), 0.2);
    }

    [Theory]
    [InlineData("jpeg", "jpeg:30-95")]
    [InlineData("blur:1.5,jpeg:40-40", "jpeg:40-40,blur:1.5-1.5")]
    [InlineData("noise:0-10,blur", "noise:0-10,blur:0-2")]
    public void Degradations_are_read_and_written(string text, string canonical)
    {
        var ranges = DegradationRanges.Parse(text);
        Assert.Equal(canonical, ranges.ToString());
        Assert.Equal(ranges, DegradationRanges.Parse(canonical));
    }

    [Theory]
    [InlineData("")]
    [InlineData("jpg")]
    [InlineData("jpeg,jpeg")]
    [InlineData("jpeg:0-50")]
    [InlineData("jpeg:50.5")]
    [InlineData("noise:9-5")]
    [InlineData("noise:-1")]
    [InlineData("blur:5")]
    [InlineData("blur:1:2")]
    [InlineData("blur:NaN")]
    public void Degradations_that_make_no_sense_are_refused_in_one_line(string text)
    {
        string message = Assert.Throws<EdsrException>(() => DegradationRanges.Parse(text)).Message;
        Assert.DoesNotContain('\n', message);
        Assert.Contains(text, message);
    }

    [Fact]
    public void Every_place_and_turn_is_about_equally_likely()
    {
        var options = Options with { Batch = 4 };
        using var sampler = new PatchSampler(Load(options), PixelRange.EdsrPyTorch);
        // LR pictures of 10 × 9 and 7 × 20 pixels: 5 · 4 and 2 · 15 places.
        var counts = new Dictionary<(int, int, int), int>();
        var turns = new int[8];
        const int Steps = 5000;
        for (int step = 0; step < Steps; step++)
            for (int i = 0; i < options.Batch; i++)
            {
                var place = sampler.Place(step, i);
                counts[(place.Picture, place.X, place.Y)] = counts.GetValueOrDefault((place.Picture, place.X, place.Y)) + 1;
                turns[(int)place.Turn]++;
            }
        Assert.Equal(50, counts.Count);
        // Five standard deviations.
        Assert.All(counts.Values, count => Assert.InRange(count, 400 - 100, 400 + 100));
        Assert.All(turns, count => Assert.InRange(count, 2500 - 250, 2500 + 250));
    }

    [Fact]
    public void Sixteen_bits_and_one_channel_keep_their_precision()
    {
        var options = Options with { Channels = 1 };
        var grey = PictureList.Noise16(20, 18, 1, seed: 1);
        var pictures = TrainingPictures.Load(new PictureList(("a.png", grey), ("b.png", PictureList.Noise(14, 40, 1, seed: 2))), null, options);
        Assert.Equal(16, pictures.Bits);
        using var sampler = new PatchSampler(pictures, PixelRange.Unit);
        using var batch = new HostBatch(options);
        var (x, target) = batch.Read(sampler, 0);
        Assert.Contains(Enumerable.Range(0, options.Batch), i => sampler.Place(0, i).Picture == 0);
        for (int i = 0; i < options.Batch; i++)
        {
            var place = sampler.Place(0, i);
            var pair = pictures.Pairs[place.Picture];
            var hr = new PatchCut(0, pair.Hr.Width, place.X * 2, place.Y * 2, place.Turn);
            var lr = new PatchCut(0, pair.Lr!.Width, place.X, place.Y, place.Turn);
            AssertClose(PatchReference.Cut(pair.Hr.Samples<ushort>(), 65535, [hr], 12, 1, PixelRange.Unit.Load), target.AsSpan(i * 144, 144));
            AssertClose(PatchReference.Cut(pair.Lr!.Samples<ushort>(), 65535, [lr], 6, 1, PixelRange.Unit.Load), x.AsSpan(i * 36, 36));
        }

        static void AssertClose(double[] expected, ReadOnlySpan<float> actual)
        {
            for (int i = 0; i < expected.Length; i++)
                Assert.Equal(expected[i], actual[i], 1e-6);
        }
    }

    [Fact]
    public void Flat_patches_are_drawn_anew()
    {
        // Left half one colour, right half noise.
        var picture = TestPictures.Noise(64, 32, 3, seed: 3);
        for (int y = 0; y < 32; y++)
            picture.Row(y)[..(32 * 3)].Fill(90);
        var source = new PictureList(("a.png", TrainingPicture.Of(picture)));
        using var all = new PatchSampler(TrainingPictures.Load(source, null, Options), PixelRange.EdsrPyTorch);
        using var some = new PatchSampler(TrainingPictures.Load(source, null, Options with { SkipFlat = true }), PixelRange.EdsrPyTorch);
        var drawn = Enumerable.Range(0, 500).Select(i => (All: all.Place(i / 5, i % 5), Some: some.Place(i / 5, i % 5))).ToArray();
        // HR patches of 12 columns lie in the flat half up to LR column 10.
        Assert.Contains(drawn, d => d.All.X <= 10);
        Assert.All(drawn, d => Assert.True(d.Some.X > 10));
        Assert.All(drawn, d => Assert.True(d.All.X <= 10 || d.All == d.Some));

        // Where all is flat, patches are taken all the same.
        using var flat = new PatchSampler(TrainingPictures.Load(new PictureList(("a.png", new TrainingPicture(32, 32, 3, new byte[3072]))), null, Options with { SkipFlat = true }), PixelRange.EdsrPyTorch);
        Assert.Equal(0, flat.Place(0, 0).Picture);
    }

    private static TrainingPictures Load(PatchOptions options) => TrainingPictures.Load(
        new PictureList(("a.png", PictureList.Noise(21, 18, 3, seed: 1)), ("b.png", PictureList.Noise(14, 40, 3, seed: 2))), null, options);
}
