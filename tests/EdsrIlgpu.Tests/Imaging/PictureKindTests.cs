using System.IO.Compression;
using EdsrIlgpu.Imaging;
using NetVips;

namespace EdsrIlgpu.Tests.Imaging;

/// <summary>Every kind of picture that libvips knows: read right, or refused with its kind.</summary>
public sealed class PictureKindTests : IDisposable
{
    private static readonly Picture Rgb = TestPictures.Noise(37, 23, 3, seed: 1);
    private static readonly Picture Grey = TestPictures.Noise(37, 23, 1, seed: 2);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Tiff_is_read_in_strips_tiles_planes_and_with_every_compression()
    {
        using var image = ToImage(TestPictures.Noise(100, 90, 3, seed: 1));
        byte[] pixels = image.WriteToMemory<byte>();
        foreach (var compression in (Enums.ForeignTiffCompression[])[Enums.ForeignTiffCompression.None, Enums.ForeignTiffCompression.Lzw, Enums.ForeignTiffCompression.Deflate, Enums.ForeignTiffCompression.Packbits])
            foreach (bool tile in (bool[])[false, true])
                foreach (bool big in (bool[])[false, true])
                {
                    image.Tiffsave(In("a.tif"), compression, tile: tile, tileWidth: 32, tileHeight: 16, bigtiff: big);
                    Assert.Equal(pixels, PictureFile.Load(In("a.tif")).Pixels);
                    Assert.Equal(pixels, PictureFile.LoadForTraining(In("a.tif")).ToPicture().Pixels);
                }
        byte[] planes = [.. Enumerable.Range(0, 3).SelectMany(plane => pixels.Where((_, i) => i % 3 == plane))];
        folder.Write("p.tif", TiffBuilder.Write(100, 90, 3, 2, planes, more: (TiffBuilder.Planes, [2])));
        Assert.Equal(pixels, PictureFile.Load(In("p.tif")).Pixels);
    }

    [Fact]
    public void Tiff_of_16_bits_is_read_for_training_alike_in_strips_and_tiles()
    {
        var random = new Random(1);
        ushort[] samples = [.. Enumerable.Range(0, 100 * 90 * 4).Select(_ => (ushort)random.Next(65536))];
        using var image = Image.NewFromMemory(samples, 100, 90, 4, Enums.BandFormat.Ushort).Copy(interpretation: Enums.Interpretation.Rgb16);
        foreach (bool tile in (bool[])[false, true])
        {
            image.Tiffsave(In("a.tif"), Enums.ForeignTiffCompression.Deflate, tile: tile, tileWidth: 32, tileHeight: 32);
            var read = PictureFile.LoadForTraining(In("a.tif"));
            Assert.Equal((100, 90, 3, 16), (read.Width, read.Height, read.Channels, read.Bits));
            using var random16 = Image.NewFromFile(In("a.tif"), access: Enums.Access.Random);
            using var region = Region.New(random16);
            byte[] corner = region.Fetch(60, 70, 1, 1);
            Assert.Equal(samples[(70 * 100 + 60) * 4], BitConverter.ToUInt16(corner));
            Assert.Equal(read.ToPicture().Pixels[(70 * 100 + 60) * 3], (byte)Math.Round(samples[(70 * 100 + 60) * 4] / 257.0));
            AssertRefused("16 bits a sample", "a.tif");
        }
    }

    [Fact]
    public void Tiff_with_colours_multiplied_by_alpha_is_divided_by_it()
    {
        byte[] straight = TestPictures.Noise(40, 30, 4, seed: 5).Pixels, multiplied = [.. straight];
        for (int i = 0; i < multiplied.Length; i += 4)
        {
            straight[i + 3] = multiplied[i + 3] = (byte)(i % 3 == 0 ? 255 : Math.Max((byte)1, straight[i + 3]));
            for (int c = 0; c < 3; c++)
                multiplied[i + c] = (byte)Math.Round(straight[i + c] * multiplied[i + 3] / 255.0);
        }
        folder.Write("associated.tif", TiffBuilder.Write(40, 30, 4, 2, multiplied, more: (TiffBuilder.ExtraSamples, [1])));
        var read = PictureFile.Load(In("associated.tif"));
        for (int i = 0; i < straight.Length; i++)
        {
            int alpha = straight[i | 3];
            // As exact as what was rounded to 8 bits allows; libvips rounds down.
            double bound = (i & 3) == 3 || alpha == 255 ? 0 : 0.5 * 255 / alpha + 1;
            Assert.InRange(read.Pixels[i] - straight[i], -bound, bound);
        }

        foreach (ushort kind in (ushort[])[0, 2])
        {
            folder.Write("plain.tif", TiffBuilder.Write(40, 30, 4, 2, straight, more: (TiffBuilder.ExtraSamples, [kind])));
            Assert.Equal(straight, PictureFile.Load(In("plain.tif")).Pixels);
        }
    }

    [Fact]
    public void Tiff_of_few_bits_white_is_zero_palettes_and_wrong_orientations()
    {
        folder.Write("inverse.tif", TiffBuilder.Write(37, 23, 1, 0, [.. Grey.Pixels.Select(v => (byte)(255 - v))]));
        Assert.Equal(Grey.Pixels, PictureFile.Load(In("inverse.tif")).Pixels);

        // 10110000 1…: rows begin at whole bytes.
        folder.Write("bit.tif", TiffBuilder.Write(9, 1, 1, 1, [0b1011_0000, 0b1000_0000], bits: 1));
        Assert.Equal([255, 0, 255, 255, 0, 0, 0, 0, 255], PictureFile.Load(In("bit.tif")).Pixels);
        folder.Write("bit0.tif", TiffBuilder.Write(9, 1, 1, 0, [0b1011_0000, 0b1000_0000], bits: 1));
        Assert.Equal([0, 255, 0, 0, 255, 255, 255, 255, 0], PictureFile.Load(In("bit0.tif")).Pixels);
        folder.Write("nibble.tif", TiffBuilder.Write(3, 1, 1, 1, [0x0F, 0x70], bits: 4));
        Assert.Equal([0, 255, 119], PictureFile.Load(In("nibble.tif")).Pixels);

        ushort[] map = [.. Enumerable.Range(0, 768).Select(i => (ushort)(i < 256 ? 257 * i : i < 512 ? 257 * (511 - i) : 257 * 7))];
        folder.Write("palette.tif", TiffBuilder.Write(37, 23, 1, 3, Grey.Pixels, more: (TiffBuilder.ColorMap, map)));
        Assert.Equal(Grey.Pixels.SelectMany(v => (byte[])[v, (byte)(255 - v), 7]), PictureFile.Load(In("palette.tif")).Pixels);

        foreach (ushort none in (ushort[])[0, 9, 65535])
        {
            folder.Write("turn.tif", TiffBuilder.Write(37, 23, 1, 1, Grey.Pixels, more: (TiffBuilder.Orientation, [none])));
            Assert.Contains($"Bad value {none} for \"Orientation\" tag", Refusal("turn.tif"));
        }
        folder.Write("turn.tif", TiffBuilder.Write(37, 23, 1, 1, Grey.Pixels, more: (TiffBuilder.Orientation, [3])));
        Assert.Equal(Grey.Pixels.Reverse(), PictureFile.Load(In("turn.tif")).Pixels);
    }

    [Fact]
    public void Tiff_of_jpeg_is_near()
    {
        var scene = PictureFile.Load(Path.Combine(TestData.Repository, "samples", "pictures", "scene_HR.png"));
        using var image = ToImage(scene);
        foreach (bool tile in (bool[])[false, true])
        {
            image.Tiffsave(In("jpeg.tif"), Enums.ForeignTiffCompression.Jpeg, q: 95, tile: tile);
            Assert.InRange(PictureFile.Load(In("jpeg.tif")).Pixels.Zip(scene.Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 2);
        }
    }

    [Fact]
    public void What_would_lose_colours_bits_or_channels_is_refused_by_its_kind()
    {
        using var rgb = ToImage(Rgb);
        using var grey = ToImage(Grey);
        grey.Cast(Enums.BandFormat.Float).Tiffsave(In("float.tif"));
        AssertRefused("samples that are not whole numbers of 8 bits", "float.tif");
        rgb.Colourspace(Enums.Interpretation.Lab).Tiffsave(In("lab.tif"));
        AssertRefused("samples that are not whole numbers of 8 bits", "lab.tif");
        rgb.Colourspace(Enums.Interpretation.Labs).Tiffsave(In("labs.tif"));
        AssertRefused("bits a sample", "labs.tif");
        folder.Write("lab8.tif", TiffBuilder.Write(37, 23, 3, 8, Rgb.Pixels));
        Assert.Throws<EdsrException>(() => PictureFile.Load(In("lab8.tif")));
        folder.Write("signed.tif", TiffBuilder.Write(37, 23, 1, 1, Grey.Pixels, more: (TiffBuilder.SampleFormat, [2])));
        AssertRefused("samples that are not whole numbers of 8 bits", "signed.tif");
        folder.Write("cmyk.tif", TiffBuilder.Write(37, 23, 4, 5, TestPictures.Noise(37, 23, 4, 1).Pixels));
        AssertRefused("CMYK colours", "cmyk.tif");
        folder.Write("five.tif", TiffBuilder.Write(37, 23, 5, 2, new byte[37 * 23 * 5], more: (TiffBuilder.ExtraSamples, [2, 0])));
        AssertRefused("colours that are neither grey nor RGB", "five.tif");
        // Three channels that are not said to be red, green and blue.
        folder.Write("bands.tif", TiffBuilder.Write(37, 23, 3, 1, Rgb.Pixels, more: (TiffBuilder.ExtraSamples, [0, 0])));
        AssertRefused("colours that are neither grey nor RGB", "bands.tif");
        rgb.Colourspace(Enums.Interpretation.Cmyk).Jpegsave(In("cmyk.jpg"));
        AssertRefused("CMYK colours", "cmyk.jpg");
    }

    [Fact]
    public void Gif_avif_and_webp_of_one_picture_are_read()
    {
        byte[] indices = [.. Enumerable.Range(0, 40 * 30).Select(i => (byte)(i * i % 128))];
        folder.Write("a.gif", Gif(40, 30, indices, transparent: null));
        Assert.Equal(indices.SelectMany(i => (byte[])[i, (byte)(255 - i), (byte)(2 * i)]), PictureFile.Load(In("a.gif")).Pixels);
        folder.Write("t.gif", Gif(40, 30, indices, transparent: 4));
        var seen = PictureFile.Load(In("t.gif"));
        Assert.Equal(4, seen.Channels);
        Assert.Equal(indices.Select(i => i == 4 ? (byte)0 : (byte)255), seen.Pixels.Where((_, i) => i % 4 == 3));

        var smooth = PictureFile.Load(Path.Combine(TestData.Repository, "samples", "pictures", "scene_HR.png")).Crop(200, 100, 64, 48);
        using var scene = ToImage(smooth);
        scene.Heifsave(In("a.avif"), q: 90, compression: Enums.ForeignHeifCompression.Av1, effort: 0, subsampleMode: Enums.ForeignSubsample.Off);
        scene.Webpsave(In("a.webp"), q: 95);
        foreach (string name in (string[])["a.avif", "a.webp"])
            Assert.InRange(PictureFile.Load(In(name)).Pixels.Zip(smooth.Pixels, (a, b) => Math.Abs(a - b)).Average(), 0, 5);
        scene.Heifsave(In("ten.avif"), bitdepth: 10, compression: Enums.ForeignHeifCompression.Av1, effort: 0);
        AssertRefused("10 bits a sample", "ten.avif");
    }

    [Fact]
    public void What_holds_several_pictures_is_refused()
    {
        using var rgb = ToImage(TestPictures.Noise(6, 8, 3, seed: 1));
        using var two = rgb.Mutate(image => image.Set(GValue.GIntType, "page-height", 4));
        two.Tiffsave(In("pages.tif"));
        two.Gifsave(In("frames.gif"));
        two.Webpsave(In("frames.webp"), lossless: true);
        foreach (string name in (string[])["pages.tif", "frames.gif", "frames.webp"])
            Assert.Equal($"{In(name)} holds 2 pages or frames, which is not supported yet; save the one you mean as a picture of its own.", Refusal(name));

        byte[] png = PictureFile.EncodePng(Rgb);
        folder.Write("animated.png", PngBuilder.With(png, PngBuilder.Chunk("acTL", PngBuilder.Words(3, 0))));
        Assert.Contains("holds 3 pages or frames", Refusal("animated.png"));
        folder.Write("still.png", PngBuilder.With(png, PngBuilder.Chunk("acTL", PngBuilder.Words(1, 0))));
        Assert.Equal(Rgb.Pixels, PictureFile.Load(In("still.png")).Pixels);
    }

    [Fact]
    public void A_jpeg_with_a_gain_map_is_read_as_the_picture_that_it_is_and_that_is_told()
    {
        var smooth = PictureFile.Load(Path.Combine(TestData.Repository, "samples", "pictures", "scene_HR.png"));
        using var scene = ToImage(smooth);
        using var bright = scene.Colourspace(Enums.Interpretation.Scrgb).Linear([1.5], [0]).Cast(Enums.BandFormat.Float).Copy(interpretation: Enums.Interpretation.Scrgb);
        using (var target = Target.NewToFile(In("phone.jpg")))
            bright.UhdrsaveTarget(target);
        var told = new List<string>();
        var picture = PictureFile.Load(In("phone.jpg"), new ReadOptions { Tell = told.Add });
        Assert.Equal((512, 384, 3), (picture.Width, picture.Height, picture.Channels));
        Assert.Equal([$"{In("phone.jpg")}: its gain map for HDR screens is left out."], told);
        using var plain = Image.Jpegload(In("phone.jpg"));
        Assert.Equal(plain.WriteToMemory<byte>(), picture.Pixels);
    }

    [Fact]
    public void A_png_whose_numbers_are_not_srgb_is_read_and_that_is_told()
    {
        byte[] png = PictureFile.EncodePng(Rgb), gamma = PngBuilder.Chunk("gAMA", PngBuilder.Words(100000)), srgbGamma = PngBuilder.Chunk("gAMA", PngBuilder.Words(45455));
        uint[] srgb = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000], wide = [31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000];
        byte[] primaries = PngBuilder.Chunk("cHRM", PngBuilder.Words(srgb)), widePrimaries = PngBuilder.Chunk("cHRM", PngBuilder.Words(wide));
        byte[] isSrgb = PngBuilder.Chunk("sRGB", [0]);
        Assert.Equal("a gamma of 1 (gAMA)", Told(gamma));
        Assert.Equal("a gamma of 1 (gAMA)", Told(gamma, primaries));
        Assert.Equal("primaries of its own (cHRM)", Told(srgbGamma, widePrimaries));
        Assert.Equal("a gamma of 1 and primaries of its own (gAMA, cHRM)", Told(widePrimaries, gamma));
        Assert.Equal("coding-independent code points 12/13/0/1 (cICP)", Told(PngBuilder.Chunk("cICP", [12, 13, 0, 1]), isSrgb));
        Assert.Null(Told(srgbGamma));
        Assert.Null(Told(gamma, widePrimaries, isSrgb));
        Assert.Null(Told(PngBuilder.Chunk("cICP", [1, 13, 0, 1]), gamma));

        string? Told(params byte[][] chunks)
        {
            folder.Write("a.png", PngBuilder.With(png, chunks));
            var told = new List<string>();
            Assert.Equal(Rgb.Pixels, PictureFile.Load(In("a.png"), new ReadOptions { Tell = told.Add }).Pixels);
            Assert.True(told.Count <= 1);
            return told.Count == 0 ? null : told[0].Replace($"{In("a.png")} has ", "").Replace(", which is not carried along: the result will be taken for sRGB.", "");
        }
    }

    [Fact]
    public void What_libvips_knows_and_is_no_picture_is_refused()
    {
        using var grey = ToImage(Grey);
        grey.Vipssave(In("a.v"));
        grey.Csvsave(In("a.csv"));
        grey.Matrixsave(In("a.mat"));
        File.WriteAllText(In("a.svg"), "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"100000\" height=\"100000\"><rect width=\"9\" height=\"9\"/></svg>");
        File.WriteAllText(In("a.pdf"), "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF");
        File.WriteAllText(In("a.ppm"), "P3 1 1 255 1 2 3");
        folder.Write("a.bmp", [(byte)'B', (byte)'M', 58, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, .. new byte[24], 1, 2, 3, 0]);
        folder.Write("a.jxl", [0xFF, 0x0A, .. new byte[50]]);
        folder.Write("a.jp2", [0, 0, 0, 12, .. "jP  \r\n\u0087\n"u8, .. new byte[50]]);
        foreach (string name in folder.Names.ToArray())
            Assert.Equal($"{In(name)} is not a picture that can be read; PNG, JPEG, WebP, TIFF, GIF and AVIF can.", Refusal(name));
        // Nor by another name.
        File.Move(In("a.svg"), In("a.png"));
        Assert.Contains("is not a picture that can be read", Refusal("a.png"));
    }

    [Fact]
    public void Tiny_files_of_gigantic_pictures_are_refused_by_their_header()
    {
        byte[] gif = [.. "GIF89a"u8, 255, 255, 255, 255, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2C, 0, 0, 0, 0, 255, 255, 255, 255, 0, 2, 2, 0x44, 1, 0, 0x3B];
        folder.Write("a.gif", gif);
        folder.Write("a.tif", TiffBuilder.Write(60000, 60000, 1, 1, new byte[100]));
        byte[] png = PictureFile.EncodePng(Grey);
        folder.Write("a.png", [.. png[..8], .. PngBuilder.Chunk("IHDR", [.. PngBuilder.Words(0x7FFFFFFF, 0x7FFFFFFF), 8, 0, 0, 0, 0]), .. png[33..]]);
        folder.Write("b.png", [.. png[..8], .. PngBuilder.Chunk("IHDR", [.. PngBuilder.Words(60000, 60000), 8, 0, 0, 0, 1]), .. png[33..]]);
        long before = GC.GetTotalAllocatedBytes();
        foreach (string name in (string[])["a.gif", "a.tif", "b.png"])
            Assert.Contains("--max-pixels", Refusal(name));
        Refusal("a.png");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 10 << 20);
    }

    [Fact]
    public void Texts_that_would_fill_memory_are_refused_and_long_ones_are_not()
    {
        byte[] png = PictureFile.EncodePng(Rgb), text = Compressed(40 << 20);
        byte[] simple = PngBuilder.Chunk("zTXt", [.. "a"u8, 0, 0, .. text]), international = PngBuilder.Chunk("iTXt", [.. "a"u8, 0, 1, 0, .. "en"u8, 0, .. "b"u8, 0, .. text]);
        folder.Write("one.png", PngBuilder.With(png, simple));
        Assert.Equal(Rgb.Pixels, PictureFile.Load(In("one.png")).Pixels);
        folder.Write("two.png", PngBuilder.With(png, simple, international));
        Assert.Contains("texts of more than 64 MiB", Refusal("two.png"));
        // What only looks compressed.
        folder.Write("odd.png", PngBuilder.With(png, PngBuilder.Chunk("zTXt", []), PngBuilder.Chunk("zTXt", [1, 0]), PngBuilder.Chunk("iTXt", [1, 0, 1]), PngBuilder.Chunk("iTXt", [1, 0, 1, 0, 7, 7]), PngBuilder.Chunk("zTXt", [.. "a"u8, 0, 0, 1, 2, 3])));
        Assert.Equal(Rgb.Pixels, PictureFile.Load(In("odd.png")).Pixels);
    }

    private static byte[] Compressed(int length)
    {
        using var bytes = new MemoryStream();
        using (var stream = new ZLibStream(bytes, CompressionLevel.Fastest))
            stream.Write(new byte[length]);
        return bytes.ToArray();
    }

    /// <summary>A GIF of 128 colours (index, 255 − index, 2 · index), whose codes are bytes: the table is cleared before they grow.</summary>
    private static byte[] Gif(int width, int height, byte[] indices, byte? transparent)
    {
        byte[] codes = [.. indices.Chunk(100).SelectMany(chunk => (byte[])[0x80, .. chunk]), 0x81];
        return [.. "GIF89a"u8, (byte)width, 0, (byte)height, 0, 0xF6, 0, 0,
            .. Enumerable.Range(0, 128).SelectMany(i => (byte[])[(byte)i, (byte)(255 - i), (byte)(2 * i)]),
            .. transparent is { } index ? (byte[])[0x21, 0xF9, 4, 1, 0, 0, index, 0] : [],
            0x2C, 0, 0, 0, 0, (byte)width, 0, (byte)height, 0, 0, 7,
            .. codes.Chunk(255).SelectMany(block => (byte[])[(byte)block.Length, .. block]), 0, 0x3B];
    }

    private string In(string name) => folder.Path(name);

    private string Refusal(string name)
    {
        string line = Assert.Throws<EdsrException>(() => PictureFile.Load(In(name))).Message;
        Assert.StartsWith(In(name), line);
        Assert.DoesNotContain('\n', line);
        return line;
    }

    private void AssertRefused(string kind, string name)
    {
        string line = Refusal(name);
        Assert.True(line.StartsWith($"{In(name)} has ", StringComparison.Ordinal) && line.EndsWith($"{kind}, which is not supported yet; convert it to 8 bits a sample, grey or RGB.", StringComparison.Ordinal), line);
    }

    private static Image ToImage(Picture picture)
    {
        using var samples = Image.NewFromMemory(picture.Pixels, picture.Width, picture.Height, picture.Channels, Enums.BandFormat.Uchar);
        return samples.Copy(interpretation: picture.Channels <= 2 ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
    }
}
