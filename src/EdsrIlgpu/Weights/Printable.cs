using System.Globalization;

namespace EdsrIlgpu.Weights;

/// <summary>Names from files of unknown origin, made fit for a message of one line.</summary>
internal static class Printable
{
    private const int Longest = 80, MostDimensions = 8;

    /// <summary>The text cut where it is long, without characters that command a terminal, break or turn the line.</summary>
    public static string Name(string text)
    {
        string cut = text.Length > Longest ? text[..Longest] + "…" : text;
        return string.Concat(cut.Select(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned ? '?' : c));
    }

    /// <summary>The first few names and how many there are beyond them.</summary>
    public static string Names(IReadOnlyCollection<string> names, int shown = 4) =>
        string.Join(", ", names.Take(shown).Select(Name)) + (names.Count > shown ? $" and {names.Count - shown} more" : "");

    /// <summary>A shape, as [64, 3, 3, 3].</summary>
    public static string Shape(IReadOnlyCollection<long> shape) =>
        $"[{string.Join(", ", shape.Take(MostDimensions))}{(shape.Count > MostDimensions ? ", …" : "")}]";
}
