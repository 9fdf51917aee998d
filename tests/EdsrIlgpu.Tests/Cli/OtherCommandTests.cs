using EdsrIlgpu.Imaging;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;
using EdsrIlgpu.Resampling;
using EdsrIlgpu.Tests.Weights;
using EdsrIlgpu.Weights;
using EdsrIlgpu.Weights.Recognition;
using EdsrIlgpu.Weights.Safetensors;

namespace EdsrIlgpu.Tests.Cli;

public class OtherCommandTests
{
    [Theory]
    [InlineData("symmetric", Border.Symmetric)]
    [InlineData("replicate", Border.Replicate)]
    public void Downscale_writes_matlabs_pictures_under_the_inputs_names(string border, Border rule)
    {
        using var tool = new EdsrTool();
        var picture = TestPictures.Noise(32, 25, 3, seed: 1);
        PictureFile.Save(picture, tool["in_HR.png"]);
        tool.Run("downscale", "in_HR.png", "-o", "lr", "--scale", "3", "--border", border).AssertSuccess();
        Assert.Equal(["in_HR.png", "lr/in_HR.png"], tool.Files);
        Assert.Equal(MatlabBicubic.Downscale(picture, 3, rule).Pixels, PictureFile.Load(tool["lr/in_HR.png"]).Pixels);
    }

    [Fact]
    public void Downscale_writes_the_tutorials_pictures_too()
    {
        using var tool = new EdsrTool();
        var picture = TestPictures.Noise(32, 25, 3, seed: 1);
        PictureFile.Save(picture, tool["in.png"]);
        tool.Run("downscale", "in.png", "-o", "lr", "--scale", "2", "--reduction", "bilinear").AssertSuccess();
        Assert.Equal(Bilinear.Downscale(picture, 2).Pixels, PictureFile.Load(tool["lr/in.png"]).Pixels);
    }

    [Fact]
    public void A_network_that_does_not_enlarge_is_used_with_a_warning()
    {
        using var tool = new EdsrTool();
        var model = UpscaleCommandTests.Model(tool, 2);
        using (var file = File.Create(tool["untrained.safetensors"]))
            SafetensorsWriter.Write(file, [.. EdsrLayout.Parameters(model.Config).Select(p => (p.Name, p.Shape, model.Parameters[p.Name]))], new Dictionary<string, string>());
        PictureFile.Save(TestPictures.Noise(8, 8, 3, seed: 1), tool["in.png"]);
        var outcome = tool.Run("upscale", "in.png", "-o", "out.png", "--model", "untrained.safetensors", "--device", "host");
        Assert.Equal(0, outcome.ExitCode);
        Assert.Matches("^edsr: untrained.safetensors: it enlarges a drawn picture .* dB worse than bicubic resampling; .*\n$", outcome.Error);
    }

    [Fact]
    public void A_link_by_its_bare_name_is_followed_and_control_characters_of_names_are_not_printed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs names with control characters.");
        using var tool = new EdsrTool();
        UpscaleCommandTests.Model(tool, 2);
        File.CreateSymbolicLink(tool["link\u001b\n.safetensors"], "model.safetensors");
        string told = tool.Run("info", "link\u001b\n.safetensors").AssertSuccess().Output;
        Assert.StartsWith("link? .safetensors: a safetensors file", told);
    }

    [Fact]
    public void Convert_and_info_tell_what_a_model_is()
    {
        using var tool = new EdsrTool();
        var model = UpscaleCommandTests.Model(tool, 2);
        string told = tool.Run("convert", "model.safetensors", "copy.safetensors").AssertSuccess().Output;
        Assert.Contains("×2", told);
        var copy = ModelFile.Load(tool["copy.safetensors"]);
        Assert.All(model.Parameters, p => Assert.Equal(p.Value, copy.Parameters[p.Key]));
        tool.Run("convert", "model.safetensors", "half.safetensors", "--half").AssertSuccess();
        Assert.All(model.Parameters, p => Assert.Equal(p.Value.Select(v => (float)(Half)v), ModelFile.Load(tool["half.safetensors"]).Parameters[p.Key]));
        string info = tool.Run("info", "copy.safetensors").AssertSuccess().Output;
        Assert.Contains("EDSR", info);
        Assert.Contains(model.ParameterCount.ToString("N0"), info);
        Assert.Equal(2, (int)tool.Run("info", "copy.safetensors", "--json").AssertSuccess().Json["scale"]!);
    }

    [Fact]
    public void Convert_takes_what_a_file_cannot_say_and_info_tells_how_it_is_known()
    {
        using var tool = new EdsrTool();
        var model = UpscaleCommandTests.Model(tool, 2);
        var bare = StateDict.Of(model).In("params_ema");
        File.WriteAllBytes(tool["bare.pth"], bare.PyTorchZip());
        string info = tool.Run("info", "bare.pth").AssertSuccess().Output;
        Assert.Contains("names: as in EDSR-PyTorch", info);
        Assert.Contains("in params_ema", info);
        Assert.Contains("as is usual for such networks; the file does not say it", info);
        Assert.Contains("dB worse than bicubic resampling; if it is trained to, give edsr convert its --range or --residual-scale", info);
        Assert.Equal("Convention", (string)tool.Run("info", "bare.pth", "--json").AssertSuccess().Json["rangeFrom"]!);

        string told = tool.Run("convert", "bare.pth", "said.safetensors", "--range", "unit", "--residual-scale", "0.25").AssertSuccess().Output;
        Assert.Contains("residual scale: 0.25, as given", told);
        Assert.Equal(model.Config with { Range = PixelRange.Unit, ResidualScale = 0.25f }, ModelFile.Load(tool["said.safetensors"]).Config);
        Assert.Contains("residual scale: 0.25, as the file says", tool.Run("info", "said.safetensors").AssertSuccess().Output);
        foreach (string[] wrong in (string[][])[["--range", "both"], ["--residual-scale", "0"], ["--residual-scale", "much"]])
            tool.Run(["convert", "bare.pth", "x.safetensors", .. wrong]).AssertOneLine(wrong[0]);
        Assert.False(File.Exists(tool["x.safetensors"]));
    }

    [Fact]
    public void Info_tells_what_a_file_is_that_is_no_edsr()
    {
        using var tool = new EdsrTool();
        string info = tool.Run("info", Directory.EnumerateFiles(TestData.Path("weights", "pt_samples", "carn_m"), "*.p*").Single()).AssertSuccess().Output;
        Assert.Contains("not an EDSR", info);
    }

    [Fact]
    public void Devices_lists_the_host_first_and_prints_no_stack_trace()
    {
        using var tool = new EdsrTool();
        var run = tool.Run("devices").AssertSuccess();
        Assert.StartsWith("host", run.Output);
        Assert.Equal("host", (string)tool.Run("devices", "--json").AssertSuccess().Json["devices"]![0]!["name"]!);
    }

    [Fact]
    public void The_host_path_does_not_load_ilgpu()
    {
        using var tool = new EdsrTool();
        UpscaleCommandTests.Model(tool, 2);
        PictureFile.Save(TestPictures.Noise(8, 8, 3, seed: 1), tool["in.png"]);
        // Without ILGPU's file beside the tool, whatever loads it fails.
        string bin = tool["bin"];
        Directory.CreateDirectory(bin);
        CopyTool(AppContext.BaseDirectory, bin);
        foreach (string file in Directory.EnumerateFiles(bin, "ILGPU*.dll"))
            File.Delete(file);
        string[] upscale = ["upscale", tool["in.png"], "-o", tool["out.png"], "--model", tool["model.safetensors"], "--device"];
        string[] patches = ["patches", tool.Folder, "-o", tool["sheet.png"], "--patch", "2", "--degrade", "jpeg"];
        foreach (string[] command in AcceleratorDrivers.HasCuda ? (string[][])[[.. upscale, "host"], patches] : [[.. upscale, "host"], [.. upscale, "auto"], patches])
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
                "dotnet", [Path.Combine(bin, "edsr.dll"), .. command])
            { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.StandardOutput.ReadToEnd();
            string error = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error);
        }
    }

    private static void CopyTool(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        foreach (string folder in (string[])["runtimes"])
            if (Directory.Exists(Path.Combine(from, folder)))
                foreach (string file in Directory.EnumerateFiles(Path.Combine(from, folder), "*", SearchOption.AllDirectories))
                {
                    string target = Path.Combine(to, Path.GetRelativePath(from, file));
                    Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                    File.Copy(file, target);
                }
    }
}
