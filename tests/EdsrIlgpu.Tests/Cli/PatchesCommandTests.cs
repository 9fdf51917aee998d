using EdsrIlgpu.Data;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Cli;

public class PatchesCommandTests
{
    private static readonly string Samples = Path.Combine(TestData.Repository, "samples", "pictures");

    [Fact]
    public void The_sheet_shows_what_the_sampler_gives()
    {
        using var tool = new EdsrTool();
        string told = tool.Run("patches", Samples, "-o", "sheet.png", "--scale", "3", "--patch", "16", "--batch", "3", "--seed", "5", "--step", "7", "--degrade", "noise:3").AssertSuccess().Output;
        Assert.Contains("3 patches of 16×16 and 48×48 from 5 pictures", told);
        var sheet = PictureFile.Load(tool["sheet.png"]);

        var options = new PatchOptions(3) { Patch = 16, Batch = 3, Seed = 5, Degradations = DegradationRanges.Parse("noise:3") };
        using var sampler = new PatchSampler(TrainingPictures.Load(new PictureFolder(Samples, "_HR"), null, options), PixelRange.EdsrPyTorch);
        // One column of pairs, or two: each patch stands somewhere on the sheet.
        foreach (var (lr, hr) in sampler.Show(7))
        {
            Assert.True(IsOn(sheet, hr));
            var large = new Picture(48, 48, 3);
            for (int y = 0; y < 48; y++)
                for (int x = 0; x < 48 * 3; x++)
                    large.Row(y)[x] = lr.Row(y / 3)[x / 9 * 3 + x % 3];
            Assert.True(IsOn(sheet, large));
        }
    }

    [Fact]
    public void Lr_pictures_are_taken_from_their_folder()
    {
        using var tool = new EdsrTool();
        tool.Run("patches", Samples, "--lr-data", Samples, "-o", "given.png", "--batch", "2").AssertSuccess();
        tool.Run("patches", Samples, "-o", "made.png", "--batch", "2").AssertSuccess();
        tool.Run("patches", Samples, "-o", "again.png", "--batch", "2").AssertSuccess();
        Assert.Equal(File.ReadAllBytes(tool["made.png"]), File.ReadAllBytes(tool["again.png"]));
        // The samples' LR pictures are MATLAB's bicubic, too.
        Assert.Equal(File.ReadAllBytes(tool["made.png"]), File.ReadAllBytes(tool["given.png"]));
        tool.Run("patches", Samples, "--lr-data", Samples, "--reduction", "bilinear", "-o", "x.png").AssertOneLine("LR pictures are given");
        tool.Run("patches", Samples, "--lr-data", Samples, "--scale", "3", "-o", "x.png").AssertOneLine("None of 5 pictures", "LR partner");
    }

    [Fact]
    public void Pictures_that_cannot_be_used_are_named_and_counted()
    {
        using var tool = new EdsrTool();
        Directory.CreateDirectory(tool["in"]);
        PictureFile.Save(TestPictures.Noise(40, 40, 1, 1), tool["in/good.png"]);
        PictureFile.Save(TestPictures.Noise(10, 40, 3, 1), tool["in/small.png"]);
        File.WriteAllText(tool["in/bad.png"], "no picture");
        var run = tool.Run("patches", "in", "-o", "sheet.png", "--patch", "8", "--channels", "1");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("bad.png is not a picture", run.Error);
        Assert.Contains("small.png: 10 × 40 pixels are too few", run.Error);
        Assert.Contains("2 of 3 pictures are left out", run.Error);
        Assert.Equal(1, PictureFile.Load(tool["sheet.png"]).Channels);

        tool.Run("patches", "in", "-o", "sheet2.png").AssertOneLine("None of 3 pictures can be trained on");
        tool.Run("patches", "in", "-o", "in/good.png", "--patch", "8").AssertOneLine("is an input");
        tool.Run("patches", "nowhere", "-o", "x.png").AssertOneLine("no folder nowhere");
        tool.Run("patches", "in", "-o", "x.bmp").AssertOneLine(".png");
        tool.Run("patches", "in", "-o", "x.png", "--degrade", "jpeg:0").AssertOneLine("--degrade", "1-100");
        tool.Run("patches", "in", "-o", "x.png", "--channels", "2").AssertOneLine("1 or 3 channels");
        Assert.Equal(["in/bad.png", "in/good.png", "in/small.png", "sheet.png"], tool.Files);
    }

    private static bool IsOn(Picture sheet, Picture patch)
    {
        for (int y = 0; y <= sheet.Height - patch.Height; y++)
            for (int x = 0; x <= sheet.Width - patch.Width; x++)
                if (Enumerable.Range(0, patch.Height).All(row => sheet.Row(y + row).Slice(x * 3, patch.Width * 3).SequenceEqual(patch.Row(row))))
                    return true;
        return false;
    }
}
