namespace EdsrIlgpu.Cli.Output;

/// <summary>Texts with names of files in them, and texts out of files, made fit for a terminal.</summary>
internal static class OneLine
{
    /// <summary>The text with its lines joined, and without the control characters by which it could command a terminal.</summary>
    public static string Of(string text) => string.Concat(text.ReplaceLineEndings(" ").Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
