using System.Globalization;
using System.Text.RegularExpressions;
using EdsrIlgpu.Cli.Comparing;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Metrics;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Tests.Cli;

/// <summary>What the page and the sheet hold; how they look and act is seen in a browser.</summary>
public partial class CompareCommandTests
{
    [Fact]
    public void The_page_holds_every_picture_and_its_figures_and_asks_for_nothing()
    {
        using var tool = new EdsrTool();
        var model = UpscaleCommandTests.Model(tool, 2);
        // An odd size: the original is cropped. A name that HTML must not take for its own.
        const string name = "a <b> & \"c\" @@title@@ _LR.png";
        var hr = TestPictures.Noise(49, 37, 3, seed: 1);
        var lr = MatlabBicubic.Downscale(hr, 2);
        PictureFile.Save(hr, tool["hr.png"]);
        PictureFile.Save(lr, tool[name]);
        var run = tool.Run("compare", name, "--hr", "hr.png", "-o", "out.html", "--model", "model.safetensors", "--json").AssertSuccess();

        using var upscaler = new Upscaler(model);
        (string Name, Picture Picture)[] expected =
            [("Bilinear", Bilinear.Upscale(lr, 2)), ("Bicubic", MatlabBicubic.Upscale(lr, 2)), ("EDSR", upscaler.Upscale(lr)), ("Original", hr.Crop(0, 0, 48, 36))];
        string page = File.ReadAllText(tool["out.html"]);
        var figures = Figures().Matches(page);
        Assert.Equal(expected.Select(e => e.Name), figures.Select(f => f.Groups["name"].Value));
        foreach (var ((_, picture), figure) in expected.Zip(figures))
        {
            File.WriteAllBytes(tool["shown.png"], Convert.FromBase64String(figure.Groups["png"].Value));
            Assert.Equal(picture.Pixels, PictureFile.Load(tool["shown.png"]).Pixels);
        }
        var told = run.Json["pictures"]!.AsArray();
        for (int i = 0; i < 3; i++)
        {
            var quality = QualityMeter.Compare(expected[i].Picture, hr, 2, Protocol.Y);
            Assert.Equal(string.Create(CultureInfo.InvariantCulture, $"{quality.Psnr:F2} dB, SSIM {quality.Ssim:F4}"), figures[i].Groups["figures"].Value);
            Assert.Equal((quality.Psnr, quality.Ssim), ((double)told[i]!["psnr"]!, (double)told[i]!["ssim"]!));
        }
        Assert.Equal("", figures[3].Groups["figures"].Value);
        Assert.Null(told[3]!["psnr"]);

        Assert.Contains("<h1>a &lt;b&gt; &amp; &quot;c&quot; @@title@@ _LR.png</h1>", page);
        Assert.All(Addresses().Matches(page), address => Assert.StartsWith("data:", address.Groups[1].Value));
        Assert.DoesNotContain("http", Figures().Replace(page, ""));
    }

    [Fact]
    public void The_sheet_shows_every_picture_as_it_is_and_a_part_larger()
    {
        using var tool = new EdsrTool();
        var model = UpscaleCommandTests.Model(tool, 2);
        var lr = TestPictures.Noise(120, 60, 1, seed: 1);
        PictureFile.Save(lr, tool["in.png"]);
        string told = tool.Run("compare", "in.png", "-o", "out.PNG", "--model", "model.safetensors").AssertSuccess().Output;
        Assert.Equal("out.PNG\n", told);

        using var upscaler = new Upscaler(model);
        Picture[] expected = [Bilinear.Upscale(lr, 2).ToRgb(), MatlabBicubic.Upscale(lr, 2).ToRgb(), upscaler.Upscale(lr.ToRgb())];
        var sheet = PictureFile.Load(tool["out.PNG"]);
        const int margin = 16, gap = 12, width = 240, height = 120, zoom = 4, caption = 48;
        Assert.Equal(2 * margin + 3 * width + 2 * gap, sheet.Width);
        for (int i = 0; i < expected.Length; i++)
        {
            int left = margin + i * (width + gap);
            var whole = sheet.Crop(left, margin, width, height);
            // The frame of the part is drawn over the picture; within it and beside it, the picture is untouched.
            int differing = Enumerable.Range(0, width * height).Count(p => !whole.Pixels.AsSpan(3 * p, 3).SequenceEqual(expected[i].Pixels.AsSpan(3 * p, 3)));
            Assert.InRange(differing, 1, 2 * (width / zoom + height / zoom));
            var part = sheet.Crop(left, margin + height + caption, width, height);
            Assert.Contains(Places(expected[i], width / zoom, height / zoom), at => Enumerable.Range(0, width * height).All(p =>
                part.Pixels.AsSpan(3 * p, 3).SequenceEqual(expected[i].Row(at.Y + p / width / zoom).Slice(3 * (at.X + p % width / zoom), 3))));
            Assert.Contains(sheet.Crop(left, margin + height, width, caption).Pixels, sample => sample < 64);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 200)]
    [InlineData(400, 1)]
    public void Any_size_can_be_compared(int width, int height)
    {
        using var tool = new EdsrTool();
        PictureFile.Save(TestPictures.Noise(width, height, 4, seed: 1), tool["in.png"]);
        foreach (string output in (string[])["out.png", "out.html"])
            tool.Run("compare", "in.png", "-o", output, "--model", "bicubic", "--scale", "3").AssertSuccess();
        Assert.True(PictureFile.Load(tool["out.png"]).Width >= 2 * 210);
        Assert.Equal(["Bilinear", "Bicubic"], Figures().Matches(File.ReadAllText(tool["out.html"])).Select(f => f.Groups["name"].Value));
    }

    [Fact]
    public void The_part_shown_larger_is_where_the_pictures_differ_most()
    {
        var random = new Random(3);
        for (int round = 0; round < 30; round++)
        {
            int width = random.Next(1, 12), height = random.Next(1, 12), partWidth = random.Next(1, width + 1), partHeight = random.Next(1, height + 1);
            Picture a = TestPictures.Noise(width, height, 3, round), b = TestPictures.Noise(width, height, 3, 1000 + round);
            var comparison = new Comparison(a, 2, null, [new ComparedPicture("Bilinear", a, null), new ComparedPicture("Bicubic", b, null)]);
            var at = comparison.MostDifferent(partWidth, partHeight);
            Assert.Equal(Places(a, partWidth, partHeight).Max(Difference), Difference(at));

            long Difference((int X, int Y) corner) => Enumerable.Range(0, 3 * partWidth * partHeight).Sum(i =>
            {
                int x = 3 * corner.X + i % (3 * partWidth), y = corner.Y + i / (3 * partWidth), d = a.Row(y)[x] - b.Row(y)[x];
                return (long)d * d;
            });
        }
        var same = TestPictures.Noise(9, 7, 3, seed: 1);
        Assert.Equal((3, 2), new Comparison(same, 2, null, [new ComparedPicture("Bilinear", same, null), new ComparedPicture("Bicubic", same, null)]).MostDifferent(3, 3));
    }

    private static IEnumerable<(int X, int Y)> Places(Picture picture, int width, int height) =>
        from y in Enumerable.Range(0, picture.Height - height + 1) from x in Enumerable.Range(0, picture.Width - width + 1) select (x, y);

    [GeneratedRegex("<figure data-name=\"(?<name>[^\"]+)\" data-figures=\"(?<figures>[^\"]*)\">.*?base64,(?<png>[^\"]+)\".*?</figure>", RegexOptions.Singleline)]
    private static partial Regex Figures();

    [GeneratedRegex("(?:src|href|url)(?:=\"|\\()([^\"()]+)")]
    private static partial Regex Addresses();
}
