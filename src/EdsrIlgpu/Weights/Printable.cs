using System.Globalization;
using System.Text;

namespace EdsrIlgpu.Weights;

/// <summary>Texts from files of unknown origin, made fit for a message of one line.</summary>
internal static class Printable
{
    private const int Longest = 80, MostDimensions = 8;

    /// <summary>The text without characters that command a terminal, break or turn the line.</summary>
    public static string Text(string text) => string.Concat(text.EnumerateRunes().Select(c => Rune.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned ? "?" : c.ToString()));

    /// <summary>The same, cut where it is long.</summary>
    public static string Name(string text) => Text(text.Length > Longest ? text[..Longest] + "…" : text);

    /// <summary>The first few names and how many there are beyond them.</summary>
    public static string Names(IReadOnlyCollection<string> names, int shown = 4) =>
        string.Join(", ", names.Take(shown).Select(Name)) + (names.Count > shown ? $" and {names.Count - shown} more" : "");

    /// <summary>A shape, as [64, 3, 3, 3].</summary>
    public static string Shape(IReadOnlyCollection<long> shape) =>
        $"[{string.Join(", ", shape.Take(MostDimensions))}{(shape.Count > MostDimensions ? ", …" : "")}]";
}
