using EdsrIlgpu.Imaging;
using EdsrIlgpu.Imaging.Reading;
using NetVips;

namespace EdsrIlgpu.Tests.Imaging;

/// <summary>JPEG files whole and damaged. That a file is sound is judged by what was done to it, never by the reader itself.</summary>
public sealed class JpegScanReaderTests : IDisposable
{
    private static readonly Lazy<Picture> Scene = new(() => PictureFile.Load(Path.Combine(TestData.Repository, "samples", "pictures", "scene_HR.png")));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Whole_files_of_every_size_and_sampling_are_sound()
    {
        foreach (int side in (int[])[1, 7, 8, 9, 15, 16, 17, 31, 33])
            foreach (int channels in (int[])[1, 3])
                foreach (bool halved in (bool[])[false, true])
                    foreach (int restart in (int[])[0, 1, 3])
                        foreach (int quality in (int[])[1, 50, 100])
                        {
                            byte[] file = Jpeg(TestPictures.Noise(side, 34 - side, channels, seed: side), halved, restart, quality);
                            Assert.Equal(new JpegScan(), JpegScanReader.Follow(file));
                        }
    }

    [Fact]
    public void Files_of_other_kinds_are_not_followed()
    {
        Assert.Null(JpegScanReader.Follow(Jpeg(Scene.Value, interlace: true)));
        foreach (string name in (string[])["testimgari.jpg", "testorig12.jpg"])
            Assert.Null(JpegScanReader.Follow(File.ReadAllBytes(TestData.Path("odd", "mozjpeg", name))));
        Assert.Null(JpegScanReader.Follow([]));
        Assert.Null(JpegScanReader.Follow([0xFF, 0xD8, 0xFF]));
        Assert.Equal(new JpegScan(), JpegScanReader.Follow(File.ReadAllBytes(TestData.Path("odd", "mozjpeg", "testorig.jpg"))));
    }

    [Theory]
    [InlineData(3, false, 0), InlineData(3, true, 0), InlineData(1, false, 0), InlineData(3, true, 4)]
    public void A_file_cut_short_has_the_rows_that_are_said(int channels, bool halved, int restart)
    {
        byte[] file = Jpeg(channels == 1 ? Grey : Scene.Value, halved, restart);
        var whole = Load(file);
        foreach (double share in (double[])[0.2, 0.5, 0.9, 0.999])
        {
            byte[] cut = file[..(int)(file.Length * share)];
            string line = Assert.Single(Tolerated(cut, out var picture));
            int missing = int.Parse(System.Text.RegularExpressions.Regex.Match(line, @"rows (\d+)–383 of 384 are missing and grey\.$").Groups[1].Value);
            Assert.Equal(whole.Pixels[..(missing * whole.Width * channels)], picture.Pixels[..(missing * whole.Width * channels)]);
            int mcu = halved ? 16 : 8;
            // Below the blocks of which something is there, mid-grey.
            Assert.All(picture.Pixels[Math.Min(picture.Pixels.Length, (missing + 2 * mcu) * whole.Width * channels)..], sample => Assert.InRange(sample, 127, 129));
            // And not too much is called missing: the rows above the last that are kept differ from grey as the picture does.
            Assert.InRange(missing, (int)(384 * share) - 120, 384);
            Assert.Contains("the data ends too early", Refused(cut));
        }
    }

    [Theory]
    [InlineData(3, false, 0), InlineData(3, true, 0), InlineData(1, false, 0), InlineData(3, true, 4), InlineData(3, false, 1)]
    public void Data_that_is_lost_overwritten_or_cleared_is_seen(int channels, bool halved, int restart)
    {
        byte[] file = Jpeg(channels == 1 ? Grey : Scene.Value, halved, restart);
        int scan = Scan(file), seen = 0, tried = 0;
        var random = new Random(1);
        for (int i = 0; i < 20; i++)
        {
            int at = random.Next(scan, file.Length - 600);
            Refused([.. file[..at], .. file[(at + 512)..]]);

            byte[] cleared = [.. file];
            Array.Clear(cleared, at, 512);
            tried++;
            if (JpegScanReader.Follow(cleared)?.Problem is not null)
                seen++;
            byte[] noise = [.. file];
            random.NextBytes(noise.AsSpan(at, 512));
            tried++;
            if (JpegScanReader.Follow(noise)?.Problem is not null)
                seen++;
        }
        // Cleared bytes can be a picture of their own.
        Assert.InRange(seen, tried * 9 / 10, tried);
    }

    [Fact]
    public void What_libvips_lets_pass_at_every_setting_is_refused()
    {
        // All that is lost shows in the last rows, after which libvips asks no more whether libjpeg complained.
        byte[] file = Jpeg(Scene.Value);
        byte[] damaged = [.. file[..(file.Length / 2)], .. file[(file.Length / 2 + 512)..]];
        foreach (var failOn in Enum.GetValues<Enums.FailOn>())
        {
            using var source = Source.NewFromMemory(damaged);
            using var image = Image.NewFromSource(source, access: Enums.Access.Sequential, failOn: failOn);
            Assert.NotEmpty(image.WriteToMemory<byte>());
        }
        Refused(damaged);
        string line = Assert.Single(Tolerated(damaged, out _));
        Assert.Matches("(some above may be wrong|it shows at row [0-9]+ of 384, and rows there, below and above may be wrong)\\.$", line);
    }

    [Fact]
    public void Oddities_that_harm_no_pixel_are_passed_over()
    {
        byte[] file = Jpeg(Scene.Value, halved: true, restart: 5);
        var whole = Load(file);
        int quantisation = Array.IndexOf(file, (byte)0xDB) - 1;
        byte[] app1 = [0xFF, 0xE1, 0, 10, .. "Exif\0\0"u8, 0x77, 0x77], icc = [0xFF, 0xE2, 0, 20, .. "ICC_PROFILE\0"u8, 9, 1, 1, 2, 3, 4];
        foreach (byte[] odd in (byte[][])[
            [.. file, .. "garbage"u8, .. file],
            file[..^2],
            [.. file[..^2], .. new byte[600]],
            [.. file[..^2], 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xD9],
            [.. file[..quantisation], 1, 2, 3, 4, 5, .. file[quantisation..]],
            [.. file[..quantisation], 0xFF, 0xFF, 0xFF, .. file[quantisation..]],
            [.. file[..2], .. app1, .. icc, .. file[2..]],
            [.. file[..quantisation], 0xFF, 0xEF, 0, 4, 7, 7, .. file[quantisation..]]])
        {
            Assert.Empty(Tolerated(odd, out var picture));
            Assert.Equal(whole.Pixels, picture.Pixels);
            Assert.Equal(whole.Pixels, Load(odd).Pixels);
        }
    }

    [Fact]
    public void A_restart_marker_that_is_lost_is_seen()
    {
        byte[] file = Jpeg(Scene.Value, halved: true, restart: 8);
        for (int at = Scan(file), found = 0; found < 20; at++)
            if (file[at] == 0xFF && file[at + 1] is >= 0xD0 and <= 0xD7)
            {
                found++;
                Refused([.. file[..at], .. file[(at + 2)..]]);
            }
    }

    [Fact]
    public void A_progressive_file_that_is_damaged_is_refused_or_read_and_told()
    {
        byte[] file = Jpeg(Scene.Value, interlace: true);
        byte[] damaged = [.. file[..(file.Length / 2)], .. file[(file.Length / 2 + 512)..]];
        Refused(damaged);
        Assert.EndsWith("any of it may be coarse or wrong.", Assert.Single(Tolerated(damaged, out _)));
    }

    [Fact]
    public void Any_bytes_whatever_are_followed_without_a_fault()
    {
        byte[][] files = [Jpeg(Scene.Value.Crop(0, 0, 40, 30), halved: true, restart: 2), Jpeg(Scene.Value.Crop(0, 0, 20, 20)), PictureFile.EncodePng(Scene.Value.Crop(0, 0, 20, 20))];
        var random = new Random(1);
        for (int i = 0; i < 3000; i++)
        {
            byte[] file = [.. files[i % files.Length]];
            for (int edit = 0; edit <= i % 4; edit++)
                file[edit % 2 == 0 ? random.Next(file.Length) : random.Next(Math.Min(400, file.Length))] = (byte)random.Next(256);
            file = file[..random.Next(file.Length / 2, file.Length + 1)];
            _ = JpegScanReader.Follow(file);
            _ = PngChunks.Read(new MemoryStream(file));
            _ = PngChunks.IsCutShort(new MemoryStream(file));
        }
    }

    private static Picture Grey => Scene.Value.ToGrey(null);

    private static int Scan(byte[] file) => file.AsSpan().IndexOf((ReadOnlySpan<byte>)[0xFF, 0xDA]) + 14;

    private Picture Load(byte[] file) => PictureFile.Load(folder.Write("picture.jpg", file));

    private string Refused(byte[] file)
    {
        var refused = Assert.Throws<EdsrException>(() => Load(file));
        Assert.DoesNotContain('\n', refused.Message);
        return refused.Message;
    }

    private List<string> Tolerated(byte[] file, out Picture picture)
    {
        var told = new List<string>();
        picture = PictureFile.Load(folder.Write("picture.jpg", file), new ReadOptions { IsTolerant = true, Tell = told.Add });
        return told;
    }

    private static byte[] Jpeg(Picture picture, bool halved = false, int restart = 0, int quality = 90, bool interlace = false)
    {
        using var image = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, picture.Channels, Enums.BandFormat.Uchar);
        using var named = image.Copy(interpretation: picture.Channels == 1 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return named.JpegsaveBuffer(q: quality, subsampleMode: halved ? Enums.ForeignSubsample.On : Enums.ForeignSubsample.Off, restartInterval: restart, interlace: interlace);
    }
}
