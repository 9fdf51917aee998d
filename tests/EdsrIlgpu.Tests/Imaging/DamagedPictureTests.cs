using System.Buffers.Binary;
using System.Text.RegularExpressions;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Imaging.Reading;
using EdsrIlgpu.Tests.Cli;
using NetVips;

namespace EdsrIlgpu.Tests.Imaging;

/// <summary>Damaged and truncated files other than JPEG, and what the tool does with them.</summary>
public sealed class DamagedPictureTests : IDisposable
{
    private static readonly Lazy<Picture> Scene = new(() => PictureFile.Load(Path.Combine(TestData.Repository, "samples", "pictures", "scene_HR.png")));

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_png_cut_short_has_the_rows_that_are_said()
    {
        byte[] png = PictureFile.EncodePng(Scene.Value);
        foreach (double share in (double[])[0.3, 0.6, 0.95])
        {
            byte[] cut = png[..(int)(png.Length * share)];
            Assert.Contains("libpng read error", Refused("a.png", cut));
            string line = Assert.Single(Tolerated("a.png", cut, out var picture));
            int missing = int.Parse(Regex.Match(line, @"rows (\d+)–383 of 384 are missing and grey\.$").Groups[1].Value);
            Assert.InRange(missing, 384 * share - 100, 384 * share + 100);
            Assert.Equal(Scene.Value.Pixels[..(missing * 512 * 3)], picture.Pixels[..(missing * 512 * 3)]);
            Assert.All(picture.Pixels[(missing * 512 * 3)..], sample => Assert.Equal(128, sample));
        }
    }

    [Fact]
    public void Of_a_png_the_checksums_of_pixels_count_and_others_do_not()
    {
        byte[] png = PictureFile.EncodePng(Scene.Value);
        foreach (byte[] harmless in (byte[][])[
            PngBuilder.With(png, PngBuilder.Chunk("tEXt", [.. "a"u8, 0, 1], wrong: true)),
            PngBuilder.With(png, PngBuilder.Chunk("gAMA", PngBuilder.Words(45455), wrong: true)),
            PngBuilder.With(png, PngBuilder.Chunk("iCCP", [.. "a"u8, 0, 0, 1, 2, 3])),
            PngBuilder.With(png, PngBuilder.Chunk("eXIf", [1, 2, 3])),
            [.. png, 1, 2, 3],
            png[..^12]])
            Assert.Equal(Scene.Value.Pixels, PictureFile.Load(folder.Write("a.png", harmless)).Pixels);

        var pixels = PngBuilder.Find(png, "IDAT");
        Assert.True(pixels.Count > 4);
        byte[] wrongSum = [.. png];
        wrongSum[pixels[3] - 1] ^= 1;
        Refused("a.png", wrongSum);
        // All is there, and only the sum wrong.
        Assert.Matches(@"it shows at row \d+ of 384", Assert.Single(Tolerated("a.png", wrongSum, out var picture)));
        Assert.Equal(Scene.Value.Pixels, picture.Pixels);

        byte[] wrongPixel = [.. png];
        wrongPixel[pixels[2] + 1000] ^= 1;
        Refused("a.png", wrongPixel);
        Refused("a.png", PngBuilder.With(png, PngBuilder.Chunk("ABCD", [1])));
        Refused("a.png", PngBuilder.With([.. png[..29], 0, 0, 0, 0, .. png[33..]]));
    }

    [Fact]
    public void A_png_chunk_longer_than_any_may_be_is_left_to_libpng()
    {
        using var file = File.Create(folder.Path("a.png"));
        file.Write([.. PictureFile.EncodePng(Scene.Value)[..33], 0x80, 0, 0, 0, .. "zTXt"u8]);
        // Of which the disk keeps nothing.
        file.SetLength(3L << 30);
        Assert.Equal(new PngChunks(1, null, 0), PngChunks.Read(file));
    }

    [Fact]
    public void Damaged_strips_and_tiles_of_a_tiff_are_refused()
    {
        // Deflate has checksums; LZW, and what is not compressed, can be another picture.
        foreach (bool tile in (bool[])[false, true])
        {
            using var image = ToImage(Scene.Value);
            image.Tiffsave(folder.Path("a.tif"), Enums.ForeignTiffCompression.Deflate, tile: tile, tileWidth: 64, tileHeight: 64);
            byte[] damaged = File.ReadAllBytes(folder.Path("a.tif"));
            // libtiff does not look at the checksum where damage makes a strip longer.
            foreach (double place in (double[])[0.5, 0.6, 0.7, 0.8])
                for (int i = 0; i < 50; i++)
                    damaged[(int)(damaged.Length * place) + i] ^= 0x5A;
            Refused("a.tif", damaged);
            if (tile)
            {
                // What libvips calls failing on errors lets it pass.
                using var passed = Image.NewFromFile(folder.Path("a.tif"), access: Enums.Access.Sequential, failOn: Enums.FailOn.Error);
                Assert.NotEmpty(passed.WriteToMemory<byte>());
            }
            string line = Assert.Single(Tolerated("a.tif", damaged, out var picture));
            int missing = int.Parse(Regex.Match(line, @"rows (\d+)–383 of 384 are missing and grey, and some above may be wrong\.$").Groups[1].Value);
            Assert.InRange(missing, 64, 383);
            Assert.Equal(Scene.Value.Pixels[..(64 * 512 * 3)], picture.Pixels[..(64 * 512 * 3)]);
            Assert.All(picture.Pixels[(missing * 512 * 3)..], sample => Assert.Equal(128, sample));
        }
    }

    [Fact]
    public void A_tiff_whose_strips_lie_beyond_its_end_or_whose_directory_is_gone_is_refused()
    {
        byte[] tiff = TiffBuilder.Write(37, 23, 1, 1, TestPictures.Noise(37, 23, 1, 1).Pixels);
        byte[] beyond = [.. tiff];
        int entry = beyond.AsSpan().IndexOf((ReadOnlySpan<byte>)[0x11, 0x01, 4, 0]);
        BinaryPrimitives.WriteUInt32LittleEndian(beyond.AsSpan(entry + 8), 1 << 20);
        Refused("a.tif", beyond);
        Assert.EndsWith("is a TIFF file whose directory cannot be read; it may be damaged or cut short.", Refused("a.tif", tiff[..200]));
        Assert.EndsWith("is a TIFF file whose directory cannot be read; it may be damaged or cut short.", Refused("a.tif", [.. "II*\0"u8, 8, 0, 0, 0]));
    }

    [Fact]
    public void Other_formats_that_are_cut_short_are_refused_even_where_damage_is_tolerated()
    {
        using var image = ToImage(Scene.Value);
        image.Webpsave(folder.Path("lossy.webp"));
        image.Webpsave(folder.Path("lossless.webp"), lossless: true);
        image.Gifsave(folder.Path("a.gif"));
        image.Heifsave(folder.Path("a.avif"), compression: Enums.ForeignHeifCompression.Av1, effort: 0);
        foreach (string name in folder.Names.ToArray())
        {
            byte[] whole = File.ReadAllBytes(folder.Path(name));
            foreach (double share in (double[])[0.01, 0.5, 0.99])
            {
                byte[] cut = whole[..(int)(whole.Length * share)];
                Refused(name, cut);
                Assert.Throws<EdsrException>(() => Tolerated(name, cut, out _));
            }
        }
    }

    [Fact]
    public void What_is_missing_is_told_in_rows_as_they_are_stored_where_the_picture_is_turned()
    {
        byte[] file = File.ReadAllBytes(TestData.Path("odd", "exif", "Landscape_6.jpg"));
        string line = Assert.Single(Tolerated("a.jpg", file[..(file.Length / 2)], out var picture));
        Assert.Equal((600, 450), (picture.Width, picture.Height));
        Assert.Matches(@"rows \d+–599 of 600 are missing and grey \(rows as stored, before the picture is turned upright\)\.$", line);
        // Stored rows are columns, from the right.
        Assert.All(Enumerable.Range(0, 450), y => Assert.InRange(picture.Row(y)[0], 126, 130));
    }

    [Fact]
    public void The_tool_reads_a_damaged_file_if_told_to_and_tells_what_is_missing()
    {
        using var tool = new EdsrTool();
        byte[] png = PictureFile.EncodePng(Scene.Value);
        File.WriteAllBytes(tool["cut.png"], png[..(png.Length / 2)]);
        tool.Run("upscale", "cut.png", "-o", "out.png", "--model", "bicubic").AssertOneLine("cut.png", "damaged or cut short");
        Assert.Equal(["cut.png"], tool.Files);

        var read = tool.Run("upscale", "cut.png", "-o", "out.png", "--model", "bicubic", "--tolerant", "--json");
        Assert.Equal(0, read.ExitCode);
        Assert.Matches(@"^edsr: cut\.png is damaged or cut short: libpng read error; rows \d+–383 of 384 are missing and grey\.\n$", read.Error);
        Assert.Equal(read.Error[6..].TrimEnd('\n'), (string?)read.Json["images"]![0]!["notes"]![0]);
        Assert.Equal((1024, 768), (PictureFile.Load(tool["out.png"]).Width, PictureFile.Load(tool["out.png"]).Height));
    }

    [Fact]
    public void An_output_that_the_format_has_no_room_for_is_refused_before_pixels_are_decoded()
    {
        using var tool = new EdsrTool();
        // Its header is whole, its pixels are not: had they been decoded, that would be what is said.
        byte[] png = PictureFile.EncodePng(new Picture(9000, 1, 1));
        File.WriteAllBytes(tool["wide.png"], [.. png[..33], .. PngBuilder.Chunk("IDAT", [1, 2, 3]), .. PngBuilder.Chunk("IEND", [])]);
        tool.Run("upscale", "wide.png", "-o", "out.webp", "--model", "bicubic").AssertOneLine("18000 × 2 pixels", "WebP ends at 16383", "PNG or TIFF");
        tool.Run("upscale", "wide.png", "-o", "out.jpg", "--model", "bicubic", "--scale", "8").AssertOneLine("JPEG ends at 65500");
        // By the name alone even a file that is not there.
        foreach (string extension in (string[])["bmp", "tga", "ppm", "jxl", "jp2", "exr", "heic", "avif", "gif"])
            tool.Run("upscale", "wide.png", "-o", $"out.{extension}", "--model", "bicubic").AssertOneLine($"out.{extension}", ".png, .jpg, .jpeg, .webp, .tif, .tiff");
        Assert.Equal(["wide.png"], tool.Files);
    }

    [Fact]
    public void A_folder_with_links_without_end_and_files_that_go_away_is_worked_through()
    {
        using var tool = new EdsrTool();
        Directory.CreateDirectory(tool["in"]);
        PictureFile.Save(TestPictures.Noise(8, 6, 3, seed: 1), tool["in/good.png"]);
        File.CreateSymbolicLink(tool["in/loop.png"], "loop.png");
        File.CreateSymbolicLink(tool["in/gone.png"], "nothing.png");
        var run = tool.Run("upscale", "in", "-o", "out", "--model", "bicubic");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"^edsr: [^\n]*in/gone\.png[^\n]*\nedsr: [^\n]*in/loop\.png[^\n]*\nedsr: 2 of 3 pictures failed\.\n$", run.Error);
        Assert.True(File.Exists(tool["out/good.png"]));
    }

    [Fact]
    public void Pictures_that_are_left_out_for_their_names_are_told()
    {
        using var tool = new EdsrTool();
        foreach (string name in (string[])["a_HR.png", "b_HR.png", "c.png", "d.png"])
            PictureFile.Save(TestPictures.Noise(40, 40, 3, seed: name[0]), tool[name]);
        PictureFile.Save(TestPictures.Noise(20, 20, 3, seed: 1), tool["a_LR.png"]);
        var eval = tool.Run("eval", "--hr", ".", "--model", "bicubic");
        Assert.Equal((0, "edsr: 2 pictures are left out, whose names do not end in _HR as those of others do.\n"), (eval.ExitCode, eval.Error));
        var patches = tool.Run("patches", ".", "-o", "../sheet.png", "--patch", "8", "--batch", "1");
        File.Delete(tool["../sheet.png"]);
        Assert.Equal((0, "edsr: .: 2 pictures are left out, whose names do not end in _HR as those of others do.\n"), (patches.ExitCode, patches.Error));
    }

    private string Refused(string name, byte[] file)
    {
        string line = Assert.Throws<EdsrException>(() => PictureFile.Load(folder.Write(name, file))).Message;
        Assert.StartsWith(folder.Path(name), line);
        Assert.DoesNotContain('\n', line);
        return line;
    }

    private List<string> Tolerated(string name, byte[] file, out Picture picture)
    {
        var told = new List<string>();
        picture = PictureFile.Load(folder.Write(name, file), new ReadOptions { IsTolerant = true, Tell = told.Add });
        return told;
    }

    private static Image ToImage(Picture picture)
    {
        using var samples = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, picture.Channels, Enums.BandFormat.Uchar);
        return samples.Copy(interpretation: Enums.Interpretation.Srgb);
    }
}
