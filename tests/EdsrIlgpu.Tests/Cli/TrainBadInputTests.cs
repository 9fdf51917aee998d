using EdsrIlgpu.Imaging;
using EdsrIlgpu.Models;
using EdsrIlgpu.Training;
using EdsrIlgpu.Weights;
using static EdsrIlgpu.Tests.Cli.TrainCommandTests;

namespace EdsrIlgpu.Tests.Cli;

/// <summary>What cannot be trained on or with: one line, an exit code, and no folder.</summary>
public class TrainBadInputTests
{
    [Theory]
    [InlineData("nowhere", "no folder nowhere")]
    [InlineData("empty", "no pictures")]
    [InlineData("data/0.png", "is a file")]
    public void A_folder_without_pictures(string data, string words)
    {
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        Directory.CreateDirectory(tool["empty"]);
        tool.Run(["train", "--data", data, "-o", "run", .. Tiny]).AssertOneLine(words);
        Assert.False(Directory.Exists(tool["run"]));
    }

    [Theory]
    [InlineData("--scale", "5", "the scale is 5")]
    [InlineData("--lr", "fast", "--lr")]
    [InlineData("--milestones", "5,x", "not '5,x'. See")]
    [InlineData("--milestones", ",", "edsr: --milestones takes numbers of steps with commas between them, not ','. See")]
    [InlineData("--lr", "1e300", "above 0 and finite")]
    [InlineData("--val", "speck.png", "speck.png: 1 × 1 pixels are too few to validate with")]
    [InlineData("--schedule", "linear", "multistep")]
    [InlineData("--epochs", "3", "--steps and --epochs")]
    [InlineData("--patch", "300", "None of 3 pictures")]
    [InlineData("--val", "nowhere", "nowhere")]
    [InlineData("--init", "nowhere.pt", "nowhere.pt")]
    [InlineData("--init", "other.safetensors", "other.safetensors does not fit: its blocks: 2; this network's: 1")]
    [InlineData("--resume", "", "no run in run")]
    [InlineData("--device", "gpu", "gpu")]
    [InlineData("--data", "one", "--val")]
    public void Settings_that_cannot_be_trained_with(string option, string value, string words)
    {
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        Directory.CreateDirectory(tool["one"]);
        File.Copy(tool["data/0.png"], tool["one/0.png"]);
        PictureFile.Save(TestPictures.Noise(1, 1, 3, seed: 1), tool["speck.png"]);
        ModelFile.Save(InitialWeights.Draw(new EdsrConfig(2, 4, 2), 1), tool["other.safetensors"]);
        var arguments = new Dictionary<string, string> { ["--data"] = "data", ["-o"] = "run", ["--blocks"] = "1", ["--features"] = "4", ["--patch"] = "8", ["--steps"] = "3", ["--device"] = "host" };
        arguments[option] = value;
        tool.Run(["train", .. arguments.SelectMany(a => a.Value.Length > 0 ? (string[])[a.Key, a.Value] : [a.Key])]).AssertOneLine(words);
        Assert.False(Directory.Exists(tool["run"]));
    }

    [Fact]
    public void A_run_in_the_way_and_one_with_other_settings()
    {
        using var tool = new EdsrTool();
        Pictures(tool, 3);
        string[] arguments = ["train", "--data", "data", "-o", "run", .. Tiny, "--steps", "2"];
        tool.Run(arguments).AssertSuccess();
        tool.Run(arguments).AssertOneLine("There is a run in run already", "--resume");
        tool.Run([.. arguments, "--resume", "--loss", "mse", "--lr", "1"]).AssertOneLine("loss \"l1\", not \"mse\"; rate 0.0001, not 1");
        PictureFile.Save(TestPictures.Noise(40, 40, 3, seed: 9), tool["data/new.png"]);
        tool.Run([.. arguments, "--resume"]).AssertOneLine("other pictures to train on", "--data");
        tool.Run(["train", "--data", "data", "-o", "data", .. Tiny]).AssertOneLine("data has other files in it");
    }
}
