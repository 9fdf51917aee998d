using System.Text.RegularExpressions;
using EdsrIlgpu.Tests.Cli;

namespace EdsrIlgpu.Tests.Readme;

/// <summary>The tutorial's commands are ones that there are, and what it points to is there.</summary>
public partial class TutorialTests
{
    private static readonly string Folder = Path.Combine(TestData.Repository, "docs");
    private static readonly string Tutorial = File.ReadAllText(Path.Combine(Folder, "tutorial.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Every_option_of_every_command_exists()
    {
        using var tool = new EdsrTool();
        var commands = Commands().Matches(Tutorial).Select(m => m.Groups[1].Value.Split(' ')).GroupBy(words => words[0]).ToList();
        Assert.Equal(["compare", "downscale", "eval", "info", "patches", "train"], commands.Select(c => c.Key).Order(StringComparer.Ordinal));
        foreach (var command in commands)
        {
            string help = tool.Run(command.Key, "--help").AssertSuccess().Output;
            Assert.All(command.SelectMany(words => words.Where(w => w.StartsWith('-'))), option => Assert.Matches($@"(?m)^ .*(?<![-\w]){option}(?![-\w])", help));
        }
    }

    [Fact]
    public void Every_file_that_is_linked_exists() => Assert.All(
        Links().Matches(Tutorial).Select(m => m.Groups[1].Value).Where(link => !link.StartsWith("https://", StringComparison.Ordinal) && !link.StartsWith('#')),
        link => Assert.True(Path.Exists(Path.Combine(Folder, link)), link));

    [GeneratedRegex(@"^edsr ([^\n]+)$", RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex(@"\]\(([^)]+)\)")]
    private static partial Regex Links();
}
