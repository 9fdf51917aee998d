using EdsrIlgpu.Imaging;
using EdsrIlgpu.Models;
using EdsrIlgpu.Resampling;
using EdsrIlgpu.Tests.Graph;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Cli;

public class UpscaleCommandTests
{
    [Fact]
    public void A_network_makes_what_the_library_makes()
    {
        using var tool = new EdsrTool();
        var model = Model(tool, 2);
        var picture = TestPictures.Noise(23, 17, 3, seed: 1);
        PictureFile.Save(picture, tool["in.png"]);
        tool.Run("upscale", "in.png", "-o", "out.png", "--model", "model.safetensors", "--device", "host").AssertSuccess();
        using var upscaler = new Upscaler(model);
        var result = PictureFile.Load(tool["out.png"]);
        Assert.Equal((46, 34, 3), (result.Width, result.Height, result.Channels));
        Assert.Equal(upscaler.Upscale(picture).Pixels, result.Pixels);
        Assert.NotEqual(MatlabBicubic.Upscale(picture, 2).Pixels, result.Pixels);
    }

    [Fact]
    public void One_pixel_comes_out_two_by_two()
    {
        using var tool = new EdsrTool();
        Model(tool, 2);
        PictureFile.Save(TestPictures.Noise(1, 1, 3, seed: 1), tool["dot.png"]);
        foreach (string model in (string[])["model.safetensors", "bicubic", "bilinear"])
        {
            tool.Run("upscale", "dot.png", "-o", $"{model}.png", "--model", model).AssertSuccess();
            var result = PictureFile.Load(tool[$"{model}.png"]);
            Assert.Equal((2, 2), (result.Width, result.Height));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Channels_stay_what_they_were(int channels)
    {
        using var tool = new EdsrTool();
        Model(tool, 3);
        var picture = TestPictures.Noise(9, 8, channels, seed: 1);
        PictureFile.Save(picture, tool["in.png"]);
        tool.Run("upscale", "in.png", "-o", "out.tif", "--model", "model.safetensors").AssertSuccess();
        var result = PictureFile.Load(tool["out.tif"]);
        Assert.Equal((27, 24, channels), (result.Width, result.Height, result.Channels));
        if (picture.HasAlpha)
            Assert.Equal(MatlabBicubic.Upscale(picture.Alpha(), 3).Pixels, result.Alpha().Pixels);
    }

    [Fact]
    public void Several_pictures_and_folders_go_into_a_folder_and_are_reported()
    {
        using var tool = new EdsrTool();
        Directory.CreateDirectory(tool["more"]);
        PictureFile.Save(TestPictures.Noise(5, 4, 3, seed: 1), tool["a.png"]);
        PictureFile.Save(TestPictures.Noise(6, 4, 1, seed: 1), tool["more/b.png"]);
        PictureFile.Save(TestPictures.Noise(7, 4, 3, seed: 1), tool["more/c.webp"]);
        File.WriteAllText(tool["more/notes.txt"], "no picture");
        var run = tool.Run("upscale", "a.png", "more", "-o", "big", "--model", "bicubic", "--scale", "4", "--json").AssertSuccess();
        Assert.Equal(["a.png", "big/a.png", "big/b.png", "big/c.png", "more/b.png", "more/c.webp", "more/notes.txt"], tool.Files);
        var images = run.Json["images"]!.AsArray();
        Assert.Equal(["big/a.png", "big/b.png", "big/c.png"], images.Select(i => (string)i!["output"]!));
        Assert.Equal([20, 24, 28], images.Select(i => (int)i!["width"]!));
    }

    [Fact]
    public void A_picture_that_fails_is_reported_and_the_others_are_made()
    {
        using var tool = new EdsrTool();
        PictureFile.Save(TestPictures.Noise(5, 4, 3, seed: 1), tool["a.png"]);
        File.WriteAllText(tool["b.png"], "no picture");
        PictureFile.Save(TestPictures.Noise(5, 4, 3, seed: 1), tool["c.png"]);
        var run = tool.Run("upscale", "a.png", "b.png", "c.png", "-o", "big", "--model", "bicubic");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("b.png", run.Error);
        Assert.Contains("1 of 3", run.Error);
        Assert.Equal(["a.png", "b.png", "big/a.png", "big/c.png", "c.png"], tool.Files);
    }

    /// <summary>A small network with random parameters, in model.safetensors.</summary>
    internal static EdsrModel Model(EdsrTool tool, int scale)
    {
        var config = new EdsrConfig(1, 8, scale);
        var model = new EdsrModel(config, TestNetworks.RandomParameters(Edsr.Build(config), 1));
        ModelFile.Save(model, tool["model.safetensors"]);
        return model;
    }
}
