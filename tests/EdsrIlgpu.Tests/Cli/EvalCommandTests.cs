using System.Text.Json.Nodes;

namespace EdsrIlgpu.Tests.Cli;

/// <summary>The published protocol on the public pictures with a real pretrained network.</summary>
public class EvalCommandTests
{
    private static readonly double[] Set5 = [38.798, 42.805, 34.810, 35.930, 36.266];

    [Theory]
    [InlineData("edsr8_x2.safetensors")]
    [InlineData("edsr8_x2.pt")]
    public void Edsr_on_set5(string file)
    {
        var json = Eval("Set5/image_SRF_2", "--model", TestData.Path("weights", "edsr8_x2", file), "--device", "host");
        Near(37.722, 0.005, json["mean"]!["psnr"]);
        Near(.9587, .0003, json["mean"]!["ssim"]);
        Assert.All(Set5.Zip(json["images"]!.AsArray()), pair => Near(pair.First, 0.01, pair.Second!["psnr"]));
    }

    [Fact]
    public void Edsr_on_set14()
    {
        var json = Eval("Set14/image_SRF_2", "--model", TestData.Path("weights", "edsr8_x2", "edsr8_x2.safetensors"), "--device", "host");
        Near(33.350, 0.01, json["mean"]!["psnr"]);
        Near(.9151, .0003, json["mean"]!["ssim"]);
        Assert.Equal(14, json["images"]!.AsArray().Count);
    }

    [Fact]
    public void Accelerators_give_the_hosts_figures()
    {
        using var tool = new EdsrTool();
        string picture = TestData.Path("bench", "Set5", "image_SRF_2", "img_003_SRF_2_HR.png");
        string[] eval = ["eval", "--hr", picture, "--json", "--model", TestData.Path("weights", "edsr8_x2", "edsr8_x2.safetensors"), "--device"];
        string[] devices = [.. tool.Run("devices", "--json").AssertSuccess().Json["devices"]!.AsArray().Where(d => (bool)d!["usable"]!).Select(d => (string)d!["name"]!)];
        Assert.SkipWhen(devices.Length == 1, "There is no accelerator here, not even OpenCL on the CPU: install pocl-opencl-icd.");
        foreach (string device in devices)
        {
            var mean = tool.Run([.. eval, device]).AssertSuccess().Json["mean"]!;
            Near(34.810, 0.001, mean["psnr"]);
            Near(.9757, .0001, mean["ssim"]);
        }
    }

    [Fact]
    public void Bicubic_on_set5_with_partners_found_or_given_or_made()
    {
        Near(33.646, 0.003, Eval("Set5/image_SRF_2", "--model", "bicubic")["mean"]!["psnr"]);
        // Partners elsewhere, with x2 in their names, and partners made from the high-resolution pictures.
        var given = Eval("Set5_matlab/HR", "--lr", TestData.Path("bench", "Set5_matlab", "LR_bicubic", "X2"), "--model", "bicubic");
        var made = Eval("Set5_matlab/HR", "--model", "bicubic", "--scale", "2");
        Assert.Equal(given.ToJsonString(), made.ToJsonString());
        Near(33.65, 0.02, given["mean"]!["psnr"]);
    }

    [Fact]
    public void The_table_for_people_has_a_row_for_each_picture_and_the_mean()
    {
        using var tool = new EdsrTool();
        var run = tool.Run("eval", "--hr", TestData.Path("bench", "Set5", "image_SRF_2"), "--model", "bicubic").AssertSuccess();
        string[] lines = run.Output.TrimEnd().Split('\n');
        Assert.Equal(6, lines.Length);
        Assert.Matches(@"^img_001_SRF_2 +\d\d\.\d{3} dB +0\.\d{4}$", lines[0]);
        Assert.Matches(@"^mean +33\.64\d dB +0\.929\d$", lines[5]);
    }

    [Fact]
    public void The_tutorials_figure_stands_beside_the_true_one()
    {
        var mean = Eval("Set5/image_SRF_2", "--model", "bilinear", "--protocol", "tutorial")["mean"]!;
        Near(23.15, 0.005, mean["tutorialPsnr"]);
        Near(23.15 + 20 * Math.Log10(2), 0.005, mean["psnr"]);
    }

    private static JsonNode Eval(string hr, params string[] options)
    {
        using var tool = new EdsrTool();
        return tool.Run(["eval", "--hr", TestData.Path(["bench", .. hr.Split('/')]), "--json", .. options]).AssertSuccess().Json;
    }

    private static void Near(double expected, double tolerance, JsonNode? actual) =>
        Assert.True(Math.Abs((double)actual! - expected) <= tolerance, $"{actual} is not {expected} ± {tolerance}");
}
