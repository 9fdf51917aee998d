using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Tests.Cli;

/// <summary>Whatever cannot be done: one line that says what is wrong and what to do, an exit code, and no file.</summary>
public class BadInputTests
{
    [Fact]
    public void No_such_file() => Refused(["upscale", "nowhere.png", "-o", "out.png", "--model", "bicubic"], ["nowhere.png", "does not exist"]);

    [Fact]
    public void Not_a_picture() => Refused(["upscale", "text.png", "-o", "out.png", "--model", "bicubic"], ["text.png"]);

    [Fact]
    public void A_truncated_picture() => Refused(["upscale", "cut.png", "-o", "out.png", "--model", "bicubic"], ["cut.png"]);

    [Fact]
    public void A_truncated_jpeg() => Refused(["upscale", "cut.jpg", "-o", "out.png", "--model", "bicubic"], ["cut.jpg"]);

    [Fact]
    public void A_file_of_no_bytes() => Refused(["upscale", "empty.png", "-o", "out.png", "--model", "bicubic"], ["empty.png", "empty"]);

    [Fact]
    public void A_folder_without_pictures() => Refused(["upscale", "folder", "-o", "out", "--model", "bicubic"], ["folder", "no pictures"]);

    [Fact]
    public void A_folder_without_pictures_that_has_folders() => Refused(["eval", "--hr", ".", "--model", "bicubic"], ["no pictures", "folder"], remove: ["good.png", "text.png", "cut.png", "cut.jpg", "empty.png"]);

    [Fact]
    public void No_output() => Refused(["upscale", "good.png", "--model", "bicubic"], ["--output"]);

    [Fact]
    public void An_output_without_a_name() => Refused(["upscale", "good.png", "-o", "", "--model", "bicubic"], ["-o", "file or a folder"]);

    [Fact]
    public void An_output_in_no_folder() => Refused(["upscale", "good.png", "-o", "nowhere/out.png", "--model", "bicubic"], ["nowhere", "there is no folder"]);

    [Fact]
    public void An_output_of_a_format_that_is_not_written() => Refused(["upscale", "good.png", "-o", "out.bmp", "--model", "bicubic"], ["out.bmp", "png"]);

    [Fact]
    public void An_output_folder_that_is_a_file() => Refused(["upscale", "good.png", "-o", "text.png/", "--model", "bicubic"], ["text.png", "folder"]);

    [Fact]
    public void An_output_folder_that_cannot_be_made() => Refused(["upscale", "good.png", "-o", "/proc/edsr/", "--model", "bicubic"], ["/proc/edsr", "cannot be made"]);

    [Fact]
    public void An_output_that_is_the_input() => Refused(["upscale", "good.png", "-o", "good.png", "--model", "bicubic"], ["good.png", "overwritten"]);

    [Fact]
    public void Two_inputs_that_would_share_an_output() => Refused(["upscale", "good.png", "folder/../good.png", "-o", "out", "--model", "bicubic"], ["good.png", "both"]);

    [Fact]
    public void A_picture_of_too_many_pixels() => Refused(["upscale", "good.png", "-o", "out.png", "--model", "bicubic", "--max-pixels", "10"], ["good.png", "--max-pixels"]);

    [Fact]
    public void A_webp_that_would_be_too_large() => Refused(["upscale", "good.png", "-o", "out.webp", "--model", "bicubic", "--scale", "64"], ["out.webp", "16383"], wide: true);

    [Fact]
    public void No_model() => Refused(["upscale", "good.png", "-o", "out.png"], ["--model"]);

    [Fact]
    public void An_unknown_model() => Refused(["upscale", "good.png", "-o", "out.png", "--model", "nowhere.pt"], ["nowhere.pt", "does not exist"]);

    [Fact]
    public void A_model_that_is_none() => Refused(["upscale", "good.png", "-o", "out.png", "--model", "text.png"], ["text.png"]);

    [Fact]
    public void A_scale_that_the_model_has_not() => Refused(["upscale", "good.png", "-o", "out.png", "--model", "model.safetensors", "--scale", "3"], ["--scale", "2 times"]);

    [Fact]
    public void A_scale_that_is_none() => Refused(["upscale", "good.png", "-o", "out.png", "--model", "bicubic", "--scale", "0"], ["--scale"]);

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:17")]
    [InlineData("opencl:17")]
    [InlineData("cuda:x")]
    [InlineData("host:1")]
    public void A_device_that_does_not_exist(string device) =>
        Refused(["upscale", "good.png", "-o", "out.png", "--model", "model.safetensors", "--device", device], [device, "host"]);

    [Fact]
    public void An_option_that_does_not_exist() => Refused(["upscale", "good.png", "-o", "out.png", "--modle", "bicubic"], ["--modle"]);

    [Fact]
    public void A_protocol_that_does_not_exist() => Refused(["eval", "--hr", "good.png", "--model", "bicubic", "--protocol", "best"], ["best"]);

    [Fact]
    public void Partners_that_are_missing() => Refused(["eval", "--hr", "good.png", "--lr", "folder/sub", "--model", "bicubic"], ["good.png", "partner"], pictureInSub: true);

    [Fact]
    public void A_conversion_to_something_else() => Refused(["convert", "model.safetensors", "model.pt"], ["model.pt", ".safetensors"]);

    [Fact]
    public void A_header_of_65536_by_65536_pixels()
    {
        string huge = Directory.EnumerateFiles(TestData.Path("odd"), "*65536*", SearchOption.AllDirectories).Single();
        Refused(["upscale", huge, "-o", "out.png", "--model", "bicubic"], ["--max-pixels"]);
    }

    private static void Refused(string[] arguments, string[] words, string[]? remove = null, bool wide = false, bool pictureInSub = false)
    {
        using var tool = new EdsrTool();
        Directory.CreateDirectory(tool["folder/sub"]);
        UpscaleCommandTests.Model(tool, 2);
        PictureFile.Save(TestPictures.Noise(wide ? 300 : 40, 30, 3, seed: 1), tool["good.png"]);
        PictureFile.Save(TestPictures.Noise(40, 30, 3, seed: 1), tool["cut.png"]);
        PictureFile.Save(TestPictures.Noise(40, 30, 3, seed: 1), tool["cut.jpg"]);
        foreach (string name in (string[])["cut.png", "cut.jpg"])
            File.WriteAllBytes(tool[name], File.ReadAllBytes(tool[name])[..^700]);
        File.WriteAllText(tool["text.png"], "This is a text.");
        File.WriteAllBytes(tool["empty.png"], []);
        if (pictureInSub)
            PictureFile.Save(TestPictures.Noise(20, 15, 3, seed: 1), tool["folder/sub/other.png"]);
        foreach (string name in remove ?? [])
            File.Delete(tool[name]);
        var before = tool.Files;
        tool.Run(arguments).AssertOneLine(words);
        Assert.Equal(before, tool.Files);
        Assert.False(Directory.Exists(tool["out"]), "A folder was left.");
    }
}
