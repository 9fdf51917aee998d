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
    public void A_model_without_a_name() => Refused(["upscale", "good.png", "-o", "out.png", "--model", ""], ["--model", "names nothing"]);

    [Fact]
    public void A_scale_that_no_model_ships_for() => Refused(["upscale", "good.png", "-o", "out.png", "--scale", "7"], ["trained model", "--model"]);

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
    public void A_device_that_does_not_exist_where_none_is_needed() =>
        Refused(["upscale", "good.png", "-o", "out.png", "--model", "bicubic", "--device", "gpu"], ["gpu", "host"]);

    [Theory]
    [InlineData("--scale", "2.5")]
    [InlineData("--scale", "x")]
    [InlineData("--scale", "")]
    [InlineData("--scale", "99999999999999999999")]
    [InlineData("--threads", "two")]
    [InlineData("--threads", "-1")]
    [InlineData("--max-pixels", "many")]
    [InlineData("--max-pixels", "0")]
    public void A_number_that_is_none(string option, string value) =>
        Refused(["upscale", "good.png", "-o", "out.png", "--model", "bicubic", option, value], [option, "whole number"]);

    [Theory]
    [InlineData("--protocol", "7")]
    [InlineData("--protocol", "y,rgb")]
    [InlineData("--border", "9")]
    public void A_choice_that_is_none(string option, string value) => Refused(["eval", "--hr", "good.png", "--model", "bicubic", option, value], [option, value]);

    [Fact]
    public void A_mistyped_option_before_a_value() =>
        Refused(["upscale", "good.png", "-o", "out.png", "--model", "bicubic", "--scal", "3"], ["option", "--scal"]);

    [Fact]
    public void An_output_that_is_the_input_by_another_name() =>
        Refused(["upscale", "link.png", "-o", "good.png", "--model", "bicubic"], ["good.png", "overwritten"], link: true);

    [Fact]
    public void An_output_folder_that_is_the_inputs_by_another_name() =>
        Refused(["downscale", "good.png", "-o", "here", "--scale", "2"], ["good.png", "overwritten"], link: true);

    [Fact]
    public void A_conversion_onto_itself_by_another_name() =>
        Refused(["convert", "link.safetensors", "model.safetensors"], ["model.safetensors", "overwritten"], link: true);

    [Fact]
    public void An_output_that_is_the_input_around_a_corner() =>
        Refused(["upscale", "corner.png", "-o", "good.png", "--model", "bicubic"], ["good.png", "overwritten"], link: true);

    [Fact]
    public void Links_without_end() => Refused(["upscale", "loop.png", "-o", "out.png", "--model", "bicubic"], ["loop.png"], link: true);

    [Fact]
    public void An_output_at_links_without_end() => Refused(["upscale", "good.png", "-o", "loop.png", "--model", "bicubic"], ["loop.png", "links"], link: true);

    [Fact]
    public void A_conversion_of_nothing() => Refused(["convert", "", "out.safetensors"], ["IN", "empty"]);

    [Fact]
    public void A_pipe() => Refused(["upscale", "pipe.png", "-o", "out.png", "--model", "bicubic"], ["pipe.png"], pipe: true);

    [Fact]
    public void A_picture_that_fails_after_it_was_read_leaves_no_folder() =>
        Refused(["upscale", "good.png", "-o", "out/of/folders/", "--model", "model.safetensors"], ["EDSR_FORCE_CONV2D_FPROP"], force: "magic");

    [Fact]
    public void A_picture_that_fails_leaves_no_folder() => Refused(["upscale", "text.png", "-o", "out/of/folders/", "--model", "bicubic"], ["text.png"]);

    [Fact]
    public void A_picture_that_is_too_small_is_named() => Refused(["downscale", "good.png", "-o", "out", "--scale", "50"], ["good.png", "too small"]);

    [Fact]
    public void An_option_that_does_not_exist() => Refused(["upscale", "good.png", "-o", "out.png", "--modle", "bicubic"], ["--modle"]);

    [Fact]
    public void A_protocol_that_does_not_exist() => Refused(["eval", "--hr", "good.png", "--model", "bicubic", "--protocol", "best"], ["best"]);

    [Fact]
    public void Partners_that_are_missing() => Refused(["eval", "--hr", "good.png", "--lr", "folder/sub", "--model", "bicubic"], ["good.png", "partner"], pictureInSub: true);

    [Fact]
    public void A_conversion_to_something_else() => Refused(["convert", "model.safetensors", "model.pt"], ["model.pt", ".safetensors"]);

    [Fact]
    public void A_comparison_of_nothing() => Refused(["compare", "nowhere.png", "-o", "out.html", "--model", "bicubic"], ["nowhere.png"]);

    [Fact]
    public void A_comparison_to_something_else() => Refused(["compare", "good.png", "-o", "out.jpg", "--model", "bicubic"], ["out.jpg", ".html or .png"]);

    [Fact]
    public void A_comparison_without_a_name() => Refused(["compare", "good.png", "-o", "", "--model", "bicubic"], ["-o", "names nothing"]);

    [Fact]
    public void A_comparison_in_no_folder() => Refused(["compare", "good.png", "-o", "nowhere/out.html", "--model", "bicubic"], ["nowhere", "there is no folder"]);

    [Fact]
    public void A_comparison_onto_its_original() =>
        Refused(["compare", "good.png", "--hr", "link.png", "-o", "good.png", "--model", "bicubic"], ["good.png", "overwritten"], link: true);

    [Fact]
    public void A_comparison_with_an_original_that_is_not_there() =>
        Refused(["compare", "good.png", "--hr", "nowhere.png", "-o", "out.html", "--model", "bicubic"], ["nowhere.png"]);

    [Fact]
    public void A_comparison_with_an_original_of_another_size() =>
        Refused(["compare", "good.png", "--hr", "good.png", "-o", "out.png", "--model", "bicubic"], ["80 × 60", "40 × 30"]);

    [Fact]
    public void A_comparison_of_a_picture_that_is_none() => Refused(["compare", "cut.png", "-o", "out.html", "--model", "model.safetensors"], ["cut.png"]);

    [Fact]
    public void A_header_of_65536_by_65536_pixels()
    {
        string huge = Directory.EnumerateFiles(TestData.Path("odd"), "*65536*", SearchOption.AllDirectories).Single();
        Refused(["upscale", huge, "-o", "out.png", "--model", "bicubic"], ["--max-pixels"]);
    }

    private static void Refused(string[] arguments, string[] words, string[]? remove = null, bool wide = false, bool pictureInSub = false, bool link = false, bool pipe = false, string? force = null)
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
        if (link)
        {
            File.CreateSymbolicLink(tool["link.png"], "good.png");
            File.CreateSymbolicLink(tool["link.safetensors"], "model.safetensors");
            Directory.CreateSymbolicLink(tool["here"], ".");
            Directory.CreateSymbolicLink(tool["sub"], "folder/sub");
            File.CreateSymbolicLink(tool["corner.png"], "sub/../../good.png");
            File.CreateSymbolicLink(tool["loop.png"], "loop.png");
        }
        if (pipe)
        {
            Assert.SkipUnless(OperatingSystem.IsLinux(), "Named pipes are made by mkfifo here.");
            System.Diagnostics.Process.Start("mkfifo", [tool["pipe.png"]]).WaitForExit();
        }
        foreach (string name in remove ?? [])
            File.Delete(tool[name]);
        var before = tool.Files;
        tool.Run(force, arguments).AssertOneLine(words);
        Assert.Equal(before, tool.Files);
        Assert.False(Directory.Exists(tool["out"]), "A folder was left.");
    }
}
