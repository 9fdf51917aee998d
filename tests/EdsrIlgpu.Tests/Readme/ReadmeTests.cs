using System.Text.RegularExpressions;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Tests.Cli;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Readme;

/// <summary>What the README shows is what there is.</summary>
public partial class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(TestData.Repository, "README.md")).ReplaceLineEndings("\n");

    [Fact]
    public void The_snippet_is_compiled_and_runs()
    {
        AssertCompiled(0, "ReadmeSnippet.cs");
        using var tool = new EdsrTool();
        UpscaleCommandTests.Model(tool, 2);
        PictureFile.Save(TestPictures.Noise(12, 10, 3, seed: 1), tool["in.png"]);
        ReadmeSnippet.Run(tool["model.safetensors"], tool["in.png"], tool["out.png"]);
        Assert.Equal(24, PictureFile.Load(tool["out.png"]).Width);
    }

    [Fact]
    public void The_snippet_that_trains_is_compiled_and_runs()
    {
        AssertCompiled(1, "TrainingSnippet.cs");
        using var tool = new EdsrTool();
        TrainingSnippet.Run([(50, 60, TestPictures.Noise(50, 60, 3, seed: 1).Pixels), (64, 48, TestPictures.Noise(64, 48, 3, seed: 2).Pixels)], steps: 2, tool["mine.safetensors"]);
        Assert.Equal(2, ModelFile.Load(tool["mine.safetensors"]).Config.Scale);
    }

    [Fact]
    public void The_first_command_runs()
    {
        using var tool = new EdsrTool();
        string[] words = FirstCommand().Match(Readme).Groups[1].Value.Split(' ');
        string[] arguments = [.. words.Select(w => w switch
        {
            "MODEL" => "bicubic",
            "scene.png" => tool["scene.png"],
            _ when w.StartsWith("samples/", StringComparison.Ordinal) => Path.Combine(TestData.Repository, w),
            _ => w,
        })];
        tool.Run(arguments).AssertSuccess();
        Assert.Equal((512, 384), (PictureFile.Load(tool["scene.png"]).Width, PictureFile.Load(tool["scene.png"]).Height));
    }

    [Fact]
    public void Tables_are_those_of_the_committed_results()
    {
        var tables = Table().Matches(Readme);
        Assert.NotEmpty(tables);
        Assert.All(tables, table => Assert.Equal(
            File.ReadAllText(Path.Combine(TestData.Repository, table.Groups[1].Value)).ReplaceLineEndings("\n").Trim(),
            table.Groups[2].Value.Trim()));
    }

    private static void AssertCompiled(int snippet, string file)
    {
        var compiled = Lines(File.ReadAllText(TestData.Committed("Readme", file))).Append("using EdsrIlgpu;").ToHashSet();
        Assert.All(Lines(Snippet().Matches(Readme)[snippet].Groups[1].Value), line => Assert.Contains(line, compiled));
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"-- (upscale [^\n]+)\n")]
    private static partial Regex FirstCommand();

    [GeneratedRegex("<!-- (benchmarks/results/[^ ]+) -->\n(.*?)<!-- end -->", RegexOptions.Singleline)]
    private static partial Regex Table();
}
