using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Cli.Output;

/// <summary>Messages, names of files in them included, made fit for a terminal.</summary>
internal static class OneLine
{
    /// <summary>The text with its lines joined, and without the characters by which it could command a terminal.</summary>
    public static string Of(string text) => Printable.Text(text.ReplaceLineEndings(" "));
}
