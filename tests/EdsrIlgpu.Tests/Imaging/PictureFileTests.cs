using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Tests.Imaging;

public sealed class PictureFileTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(".png"), InlineData(".webp"), InlineData(".tif"), InlineData(".TIFF")]
    public void Lossless_formats_give_back_every_sample(string extension)
    {
        for (int channels = 1; channels <= 4; channels++)
            foreach (var (width, height) in ((int, int)[])[(1, 1), (37, 23)])
            {
                var picture = TestPictures.Noise(width, height, channels, seed: channels);
                picture.Pixels[channels - 1] = 3; // never opaque, so that no format drops an alpha
                string path = In($"{channels}{extension}");
                PictureFile.Save(picture, path);
                var back = PictureFile.Load(path);
                Assert.Equal((width, height), (back.Width, back.Height));
                // WebP has no grey.
                bool spread = extension == ".webp" && channels <= 2;
                Assert.Equal(spread ? channels + 2 : channels, back.Channels);
                Assert.Equal(spread ? Spread(picture) : picture.Pixels, back.Pixels);
                Assert.Equal(new PictureInfo(width, height, back.Channels), PictureFile.ReadInfo(path));
            }
    }

    [Fact]
    public void Jpeg_keeps_the_resolution_of_colour_and_grey_stays_grey()
    {
        // Columns of two colours of equal brightness: with subsampled chroma they would melt into one.
        var stripes = new Picture(64, 16, 3);
        for (int i = 0; i < stripes.Pixels.Length; i += 3)
            (stripes.Pixels[i], stripes.Pixels[i + 1], stripes.Pixels[i + 2]) = i / 3 % 2 == 0 ? ((byte)200, (byte)60, (byte)60) : ((byte)60, (byte)131, (byte)60);
        PictureFile.Save(stripes, In("stripes.jpg"));
        Assert.True(MaxDifference(stripes, PictureFile.Load(In("stripes.jpg"))) < 30);

        var grey = new Picture(20, 10, 1);
        Array.Fill(grey.Pixels, (byte)90);
        PictureFile.Save(grey, In("grey.JPEG"));
        Assert.Equal(grey.Pixels, PictureFile.Load(In("grey.JPEG")).Pixels);
    }

    [Fact]
    public void Jpeg_drops_an_opaque_alpha_and_refuses_a_transparent_one()
    {
        var picture = TestPictures.Noise(8, 8, 4, seed: 1);
        for (int i = 3; i < picture.Pixels.Length; i += 4)
            picture.Pixels[i] = 255;
        PictureFile.Save(picture, In("opaque.jpg"));
        Assert.Equal(3, PictureFile.Load(In("opaque.jpg")).Channels);

        picture.Pixels[3] = 254;
        AssertRefused($"Cannot write {In("t.jpg")}: JPEG cannot hold the picture's transparency; write PNG, WebP or TIFF.", () => PictureFile.Save(picture, In("t.jpg")));
        AssertHolds("opaque.jpg");
    }

    [Theory]
    [InlineData("a b.png"), InlineData("[page=3].png"), InlineData("-o.png"), InlineData("猫 ü%20.png"), InlineData("no.png.png"), InlineData("a:b.png")]
    public void Any_file_name_is_taken_as_it_is(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.Contains(':'), "No such file names on Windows.");
        var picture = TestPictures.Noise(5, 4, 3, seed: 1);
        PictureFile.Save(picture, In(name));
        Assert.Equal(picture.Pixels, PictureFile.Load(In(name)).Pixels);
        AssertHolds(name);
    }

    [Fact]
    public void A_long_file_name_and_a_replaced_file_are_written_and_read_anew()
    {
        string path = In(new string('n', 251) + ".png");
        for (int seed = 1; seed <= 3; seed++)
        {
            var picture = TestPictures.Noise(9, 4, 3, seed);
            PictureFile.Save(picture, path);
            Assert.Equal(picture.Pixels, PictureFile.Load(path).Pixels);
        }
    }

    [Fact]
    public void Files_are_read_by_what_they_hold()
    {
        PictureFile.Save(TestPictures.Noise(5, 4, 3, seed: 1), In("a.png"));
        File.Move(In("a.png"), In("a.txt"));
        Assert.Equal(3, PictureFile.Load(In("a.txt")).Channels);
    }

    [Fact]
    public void What_cannot_be_written_is_refused_before_the_work_and_leaves_nothing()
    {
        var picture = TestPictures.Noise(4, 4, 3, seed: 1);
        Directory.CreateDirectory(In("folder.png"));
        AssertRefused($"Cannot write {In("a.bmp")}: its extension is none of .png, .jpg, .jpeg, .webp, .tif, .tiff.", () => PictureFile.Save(picture, In("a.bmp")));
        AssertRefused($"Cannot write {In("a")}: its extension is none of .png, .jpg, .jpeg, .webp, .tif, .tiff.", () => PictureFile.RequireWritable(In("a")));
        AssertRefused($"{In("folder.png")} is a folder; name a file in it.", () => PictureFile.RequireWritable(In("folder.png")));
        AssertRefused($"Cannot write {In("no/a.png")}: there is no folder {In("no")}; create it first.", () => PictureFile.RequireWritable(In("no/a.png")));
        AssertRefused($"Cannot write {In("a.webp")}: 16384 × 1 pixels, but WebP ends at 16383 along a side; write PNG or TIFF.", () => PictureFile.RequireWritable(In("a.webp"), 16384, 1, false));
        Assert.True(PictureFile.CanWrite("x/A.PNG"));
        Assert.False(PictureFile.CanWrite("x.png/a.gif"));
        AssertHolds("folder.png");
    }

    [Theory]
    [InlineData(".png", 70_000), InlineData(".jpg", 65_500), InlineData(".webp", 16_383), InlineData(".tif", 70_000)]
    public void The_longest_side_that_is_let_through_can_be_written(string extension, int side)
    {
        foreach (var (width, height) in ((int, int)[])[(side, 1), (1, side)])
        {
            PictureFile.Save(new Picture(width, height, 1), In("long" + extension));
            Assert.Equal((width, height), (PictureFile.ReadInfo(In("long" + extension)).Width, PictureFile.ReadInfo(In("long" + extension)).Height));
        }
    }

    [Fact]
    public void A_folder_that_takes_no_files_is_one_line()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs a folder that not even root can write into: /proc.");
        var refused = Assert.Throws<EdsrException>(() => PictureFile.RequireWritable("/proc/a.png"));
        Assert.StartsWith("Cannot write into the folder /proc: ", refused.Message);
    }

    [Fact]
    public void What_is_no_picture_is_one_line()
    {
        File.WriteAllText(In("text.png"), "not an image\n");
        File.WriteAllBytes(In("empty.png"), []);
        AssertRefused($"{In("text.png")} is not a picture that can be read; PNG, JPEG, WebP, TIFF, GIF and AVIF can.", () => PictureFile.Load(In("text.png")));
        AssertRefused($"{In("empty.png")} is empty, or a pipe or a device: give a file, and fetch it again if it should not be empty.", () => PictureFile.Load(In("empty.png")));
        AssertRefused($"There is no file {In("none.png")}.", () => PictureFile.Load(In("none.png")));
        AssertRefused($"{folder.FullName} is a folder, not a picture.", () => PictureFile.ReadInfo(folder.FullName));
    }

    [Fact]
    public void A_link_to_what_has_no_content_is_refused_and_not_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /dev/zero.");
        File.CreateSymbolicLink(In("nowhere.png"), "nothing");
        File.CreateSymbolicLink(In("device.png"), "/dev/zero");
        AssertRefused($"{In("nowhere.png")} is a link to {In("nothing")}, which is no file: give the file itself.", () => PictureFile.Load(In("nowhere.png")));
        AssertRefused($"{In("device.png")} is empty, or a pipe or a device: give a file, and fetch it again if it should not be empty.", () => PictureFile.Load(In("device.png")));
    }

    [Theory]
    [InlineData(".png"), InlineData(".jpg"), InlineData(".webp"), InlineData(".tif")]
    public void A_file_cut_short_anywhere_is_refused(string extension)
    {
        PictureFile.Save(TestPictures.Noise(200, 150, 3, seed: 1), In("whole" + extension));
        byte[] bytes = File.ReadAllBytes(In("whole" + extension));
        foreach (double share in (double[])[0.0001, 0.01, 0.3, 0.9, 0.99])
        {
            File.WriteAllBytes(In("cut" + extension), bytes[..(int)Math.Max(1, bytes.Length * share)]);
            AssertOneLine(Assert.Throws<EdsrException>(() => PictureFile.Load(In("cut" + extension))));
        }
    }

    [Fact]
    public void Larger_than_the_limit_is_refused_by_its_header()
    {
        string huge = TestData.Path("odd", "misc", "65536-uint32-limit.png");
        AssertRefused($"{huge}: 65536 × 65536 pixels are more than the limit of 268435456 (--max-pixels), and more than the 2 GiB that one picture may take; cut it up.", () => PictureFile.Load(huge));
        AssertRefused($"{huge}: 65536 × 65536 pixels with 3 channels are larger than 2 GiB, the most one picture may take; cut it up.", () => PictureFile.Load(huge, long.MaxValue));

        PictureFile.Save(new Picture(20, 10, 1), In("a.png"));
        Assert.Equal(20, PictureFile.Load(In("a.png"), 200).Width);
        AssertRefused($"{In("a.png")}: 20 × 10 pixels are more than the limit of 199 (--max-pixels); 200 would admit it.", () => PictureFile.Load(In("a.png"), 199));
    }

    [Theory]
    [InlineData(".png"), InlineData(".jpg"), InlineData(".webp"), InlineData(".tif")]
    public void An_icc_profile_comes_through(string extension)
    {
        var picture = PictureFile.Load(TestData.Path("odd", "exif", "Landscape_2.jpg"));
        Assert.NotNull(picture.IccProfile);
        PictureFile.Save(picture, In("a" + extension));
        Assert.Equal(picture.IccProfile, PictureFile.Load(In("a" + extension)).IccProfile);

        // A profile of RGB says nothing about grey.
        PictureFile.Save(new Picture(4, 4, 1) { IccProfile = picture.IccProfile }, In("grey" + extension));
        if (extension != ".webp")
            Assert.Null(PictureFile.Load(In("grey" + extension)).IccProfile);
    }

    [Fact]
    public void Exif_orientations_are_applied()
    {
        foreach (var (kind, width, height) in ((string, int, int)[])[("Landscape", 600, 450), ("Portrait", 450, 600)])
        {
            var upright = PictureFile.Load(TestData.Path("odd", "exif", $"{kind}_1.jpg"));
            for (int orientation = 1; orientation <= 8; orientation++)
            {
                string path = TestData.Path("odd", "exif", $"{kind}_{orientation}.jpg");
                var picture = PictureFile.Load(path);
                Assert.Equal((width, height), (picture.Width, picture.Height));
                Assert.Equal(new PictureInfo(width, height, 3), PictureFile.ReadInfo(path));
                // Each file was compressed on its own, and the first has other colours than the rest; turned wrongly, they would lie 40 apart or more.
                Assert.True(picture.Pixels.Zip(upright.Pixels, (a, b) => Math.Abs(a - b)).Average() < 17, path);
            }
        }
    }

    [Fact]
    public void Interlaced_files_and_plain_ones_hold_the_same_picture()
    {
        int compared = 0;
        foreach (string interlaced in Directory.GetFiles(TestData.Path("odd", "pngsuite"), "basi*").Where(file => !file.Contains("16.")))
        {
            var a = PictureFile.Load(interlaced);
            var b = PictureFile.Load(interlaced.Replace("basi", "basn"));
            Assert.Equal(b.Pixels, a.Pixels);
            compared++;
        }
        Assert.Equal(11, compared);
    }

    [Theory]
    [InlineData("basn0g01", 1), InlineData("basn0g08", 1), InlineData("basn2c08", 3), InlineData("basn3p04", 3), InlineData("basn4a08", 2), InlineData("basn6a08", 4)]
    [InlineData("tbbn3p08", 4), InlineData("tbrn2c08", 4), InlineData("tbbn0g04", 2)]
    public void Every_kind_of_png_has_its_channels(string name, int channels)
    {
        var picture = PictureFile.Load(TestData.Path("odd", "pngsuite", name + ".png"));
        Assert.Equal((32, 32, channels), (picture.Width, picture.Height, picture.Channels));
        if (name == "basn0g01")
            Assert.All(picture.Pixels, sample => Assert.True(sample is 0 or 255));
    }

    [Theory]
    [InlineData("misc/16-bit-grey-alpha.png", "16 bits a sample"), InlineData("misc/cymk.jpg", "CMYK colours")]
    public void What_would_lose_bits_or_colours_is_refused(string file, string kind)
    {
        string path = TestData.Path(["odd", .. file.Split('/')]);
        AssertRefused($"{path} has {kind}, which is not supported yet; convert it to 8 bits a sample, grey or RGB.", () => PictureFile.Load(path));
    }

    private string In(string name) => folder.Path(name);

    private void AssertHolds(params string[] names) => Assert.Equal(names, folder.Names);

    private static void AssertRefused(string line, Action action) => Assert.Equal(line, Assert.Throws<EdsrException>(action).Message);

    private static void AssertOneLine(EdsrException e)
    {
        Assert.DoesNotContain('\n', e.Message);
        Assert.EndsWith(".", e.Message);
    }

    private static int MaxDifference(Picture a, Picture b) => a.Pixels.Zip(b.Pixels, (x, y) => Math.Abs(x - y)).Max();

    private static byte[] Spread(Picture grey) =>
        [.. grey.Pixels.Chunk(grey.Channels).SelectMany(pixel => (byte[])[pixel[0], pixel[0], .. pixel])];
}
