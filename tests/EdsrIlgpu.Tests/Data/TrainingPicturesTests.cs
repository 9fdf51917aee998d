using EdsrIlgpu.Data;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Tests.Data;

public class TrainingPicturesTests
{
    private static readonly PatchOptions Options = new(2) { Patch = 4 };

    [Fact]
    public void Lr_pictures_are_made_by_matlabs_bicubic_of_hr_pictures_cut_to_a_multiple()
    {
        var picture = TestPictures.Noise(21, 17, 3, seed: 1);
        var pair = Assert.Single(TrainingPictures.Load(new PictureList(("a.png", TrainingPicture.Of(picture))), null, Options).Pairs);
        Assert.Equal(picture.Crop(0, 0, 20, 16).Pixels, pair.Hr.ToPicture().Pixels);
        Assert.Equal(MatlabBicubic.Downscale(picture, 2).Pixels, pair.Lr!.ToPicture().Pixels);
    }

    [Fact]
    public void Sixteen_bits_are_made_smaller_as_8_bits_are()
    {
        var bytes = TestPictures.Noise(20, 16, 3, seed: 1);
        var words = new TrainingPicture(20, 16, 3, Array.ConvertAll(bytes.Pixels, v => (ushort)(v * 257)));
        var pair = Assert.Single(TrainingPictures.Load(new PictureList(("a.png", words)), null, Options).Pairs);
        // Within one level: the one rounds to 257 times finer steps between the passes.
        var expected = MatlabBicubic.Downscale(bytes, 2).Pixels;
        var actual = pair.Lr!.ToPicture().Pixels;
        Assert.All(expected.Zip(actual), p => Assert.InRange(p.First - p.Second, -1, 1));
        Assert.Contains(pair.Lr!.Samples<ushort>(), v => v % 257 != 0);
    }

    [Fact]
    public void Pictures_that_cannot_be_used_are_named_and_the_others_are_trained_on()
    {
        var pictures = TrainingPictures.Load(
            new PictureList(("a.png", PictureList.Noise(16, 16, 3, 1)), ("b/bad.png", null), ("c.png", PictureList.Noise(7, 30, 3, 2)), ("d.png", PictureList.Noise(8, 8, 3, 3))),
            null, Options);
        Assert.Equal(["a.png", "d.png"], pictures.Pairs.Select(p => p.Name));
        Assert.Equal(["b/bad.png", "c.png"], pictures.Skipped.Select(s => s.Name));
        Assert.Contains("7 × 30", pictures.Skipped[1].Reason);
        Assert.Contains("8 × 8", pictures.Skipped[1].Reason);
    }

    [Fact]
    public void Without_any_picture_left_there_is_one_line()
    {
        var none = Assert.Throws<EdsrException>(() => TrainingPictures.Load(new PictureList(("a.png", null), ("b.png", null)), null, Options));
        Assert.Contains("None of 2 pictures", none.Message);
        Assert.Contains("a.png is damaged", none.Message);
        Assert.Throws<EdsrException>(() => TrainingPictures.Load(new PictureList(), null, Options));
    }

    [Theory]
    [InlineData("a/0001.png", "a/0001x2.png")]
    [InlineData("a/0001.png", "X2/a/0001x2.png")]
    [InlineData("a/0001.png", "a/0001.tif")]
    [InlineData("a/0001_HR.png", "a/0001_LR.png")]
    public void Lr_pictures_are_found_by_name(string hr, string lr)
    {
        var low = PictureList.Noise(10, 8, 3, 2);
        var pictures = TrainingPictures.Load(new PictureList((hr, PictureList.Noise(21, 16, 3, 1))), new PictureList(("other.png", low), (lr, low)), Options);
        Assert.Same(low, Assert.Single(pictures.Pairs).Lr);
        Assert.Equal(20, pictures.Pairs[0].Hr.Width);
    }

    [Fact]
    public void Partners_that_are_missing_or_of_another_size_are_told_of()
    {
        var high = PictureList.Noise(20, 16, 3, 1);
        var pictures = TrainingPictures.Load(
            new PictureList(("a.png", high), ("b.png", high), ("c.png", high)),
            new PictureList(("a.png", PictureList.Noise(10, 8, 3, 2)), ("b.png", PictureList.Noise(10, 9, 3, 2))), Options);
        Assert.Equal("a.png", Assert.Single(pictures.Pairs).Name);
        Assert.Contains("10 × 9", pictures.Skipped[0].Reason);
        Assert.Contains("no partner", pictures.Skipped[1].Reason);
        Assert.Throws<EdsrException>(() => TrainingPictures.Load(new PictureList(("a.png", high)), new PictureList(("a.png", high), ("a.jpg", high)), Options));
    }

    [Fact]
    public void Channels_become_those_of_the_network()
    {
        var rgb = TestPictures.Noise(16, 16, 3, seed: 1);
        var grey = TestPictures.Noise(16, 16, 1, seed: 2);
        var source = new PictureList(("a.png", TrainingPicture.Of(rgb)), ("b.png", TrainingPicture.Of(grey)));
        var three = TrainingPictures.Load(source, null, Options).Pairs;
        Assert.Equal(grey.ToRgb().Pixels, three[1].Hr.ToPicture().Pixels);
        var one = TrainingPictures.Load(source, null, Options with { Channels = 1 }).Pairs;
        Assert.Equal(rgb.ToGrey(null).Pixels, one[0].Hr.ToPicture().Pixels);
        Assert.Equal(grey.Pixels, one[1].Hr.ToPicture().Pixels);
    }

    [Fact]
    public void The_same_pictures_are_held_out_each_time_and_never_all()
    {
        var source = new PictureList([.. Enumerable.Range(0, 12).Select(i => ($"{i:D2}.png", (TrainingPicture?)PictureList.Noise(8, 8, 3, i)))]);
        var pictures = TrainingPictures.Load(source, null, Options);
        var (training, validation) = pictures.HoldOut(3);
        Assert.Equal(3, validation.Count);
        Assert.Equal(pictures.Pairs.Except(validation), training.Pairs);
        Assert.Equal(validation.Select(p => p.Name), TrainingPictures.Load(source, null, Options).HoldOut(3).Validation.Select(p => p.Name));
        Assert.NotEqual(validation.Select(p => p.Name), TrainingPictures.Load(source, null, Options with { Seed = 2 }).HoldOut(3).Validation.Select(p => p.Name));
        Assert.Throws<EdsrException>(() => pictures.HoldOut(12));
    }

    [Fact]
    public void Cancelling_is_honoured()
    {
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => TrainingPictures.Load(new PictureList(("a.png", PictureList.Noise(8, 8, 3, 1))), null, Options, cancel: cancel.Token));
    }

    [Fact]
    public void A_folder_is_searched_through_in_ordinal_order()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path("b/.hidden"));
        Directory.CreateDirectory(folder.Path("B"));
        foreach (string name in (string[])["b/2.png", "b/10.png", "B/z.tif", "a.png", ".a.png", "b/.hidden/c.png"])
            PictureFile.Save(TestPictures.Noise(8, 8, 3, 1), folder.Path(name));
        File.WriteAllText(folder.Path("notes.txt"), "none");
        File.CreateSymbolicLink(folder.Path("b/loop"), folder.FullName);
        var pictures = new PictureFolder(folder.FullName);
        Assert.Equal(["B/z.tif", "a.png", "b/10.png", "b/2.png"], Enumerable.Range(0, pictures.Count).Select(pictures.Name));
        Assert.Equal(8, pictures.Load(0).Width);
        Assert.Throws<EdsrException>(() => new PictureFolder(folder.Path("b/.hidden/c.png")));
        Assert.Throws<EdsrException>(() => new PictureFolder(folder.Path("nowhere")));
        Directory.CreateDirectory(folder.Path("empty"));
        Assert.Throws<EdsrException>(() => new PictureFolder(folder.Path("empty")));
    }

    [Fact]
    public void Files_that_are_marked_as_hr_are_taken_alone()
    {
        var pictures = new PictureFolder(Path.Combine(TestData.Repository, "samples", "pictures"), "_HR");
        Assert.All(Enumerable.Range(0, pictures.Count), i => Assert.EndsWith("_HR.png", pictures.Name(i)));
    }

    [Fact]
    public void Sixteen_bit_files_are_loaded_in_16_bits_without_alpha()
    {
        using var folder = new TemporaryFolder();
        var samples = PictureList.Noise16(9, 8, 3, 1).Samples<ushort>();
        using (var image = NetVips.Image.NewFromMemory(samples, 9, 8, 3, NetVips.Enums.BandFormat.Ushort))
        using (var rgb = image.Copy(interpretation: NetVips.Enums.Interpretation.Rgb16))
        using (var alpha = rgb.Bandjoin(1000.0))
        {
            rgb.Pngsave(folder.Path("rgb.png"));
            alpha.Pngsave(folder.Path("rgba.png"));
        }
        var source = new PictureFolder(folder.FullName);
        for (int i = 0; i < 2; i++)
        {
            var picture = source.Load(i);
            Assert.Equal((9, 8, 3, 16), (picture.Width, picture.Height, picture.Channels, picture.Bits));
            Assert.Equal(samples, picture.Samples<ushort>());
        }
        Assert.Throws<EdsrException>(() => PictureFile.Load(folder.Path("rgb.png")));
    }
}
