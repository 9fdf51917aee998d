using System.Globalization;

namespace EdsrIlgpu.Imaging.Drawing;

/// <summary>A plain sans-serif of lines and arcs, drawn with a pen of any width, so that what is drawn needs no font and is the same everywhere.</summary>
internal static class StrokeFont
{
    private const double CapHeight = 70, Gap = 12, Space = 30;

    // Strokes of a glyph, the baseline at y = 0, y upwards, capitals 70 high: "x,y x,y …" is a line through points,
    // "@ cx,cy rx,ry from,to" an arc of an ellipse by angles in degrees, counter-clockwise if they grow.
    private static readonly Dictionary<char, string> Glyphs = new()
    {
        ['A'] = "0,0 28,70 56,0 | 10,25 46,25",
        ['B'] = "28,36 0,36 | 30,0 0,0 0,70 28,70 | @ 28,53 17,17 90,-90 | @ 30,18 18,18 90,-90",
        ['C'] = "@ 33,35 33,35 45,315",
        ['D'] = "20,0 0,0 0,70 20,70 | @ 20,35 35,35 90,-90",
        ['E'] = "44,70 0,70 0,0 44,0 | 0,36 38,36",
        ['F'] = "44,70 0,70 0,0 | 0,36 38,36",
        ['G'] = "@ 33,35 33,35 45,360 | 66,35 40,35",
        ['H'] = "0,0 0,70 | 52,0 52,70 | 0,36 52,36",
        ['I'] = "0,0 0,70",
        ['J'] = "34,70 34,17 | @ 17,17 17,17 0,-160",
        ['K'] = "0,0 0,70 | 46,70 0,26 | 14,40 50,0",
        ['L'] = "0,70 0,0 40,0",
        ['M'] = "0,0 0,70 32,20 64,70 64,0",
        ['N'] = "0,0 0,70 52,0 52,70",
        ['O'] = "@ 35,35 35,35 0,360",
        ['P'] = "0,0 0,70 28,70 | @ 28,51 19,19 90,-90 | 28,32 0,32",
        ['Q'] = "@ 35,35 35,35 0,360 | 44,20 68,-4",
        ['R'] = "0,0 0,70 28,70 | @ 28,51 19,19 90,-90 | 28,32 0,32 | 24,32 48,0",
        ['S'] = "@ 24,52 20,18 30,270 | @ 24,17 22,17 90,-150",
        ['T'] = "0,70 52,70 | 26,70 26,0",
        ['U'] = "0,70 0,25 | @ 25,25 25,25 180,360 | 50,25 50,70",
        ['V'] = "0,70 27,0 54,70",
        ['W'] = "0,70 19,0 38,62 57,0 76,70",
        ['X'] = "0,0 50,70 | 0,70 50,0",
        ['Y'] = "0,70 26,34 52,70 | 26,34 26,0",
        ['Z'] = "2,70 48,70 0,0 50,0",
        ['a'] = "@ 23,24 23,24 0,360 | 46,48 46,0",
        ['b'] = "0,72 0,0 | @ 23,24 23,24 0,360",
        ['c'] = "@ 23,24 23,24 45,315",
        ['d'] = "@ 23,24 23,24 0,360 | 46,72 46,0",
        ['e'] = "0,24 46,24 | @ 23,24 23,24 0,315",
        ['f'] = "@ 24,58 13,14 80,180 | 11,58 11,0 | 0,46 24,46",
        ['g'] = "@ 23,24 23,24 0,360 | 46,48 46,-2 | @ 23,-2 23,18 0,-150",
        ['h'] = "0,72 0,0 | @ 20,28 20,20 180,0 | 40,28 40,0",
        ['i'] = "0,48 0,0 | 0,65 0,66",
        ['j'] = "12,48 12,-8 | @ 2,-8 10,11 0,-110 | 12,65 12,66",
        ['k'] = "0,72 0,0 | 36,48 0,16 | 12,27 38,0",
        ['l'] = "0,72 0,0",
        ['m'] = "0,48 0,0 | @ 16,32 16,16 180,0 | 32,32 32,0 | @ 48,32 16,16 180,0 | 64,32 64,0",
        ['n'] = "0,48 0,0 | @ 20,28 20,20 180,0 | 40,28 40,0",
        ['o'] = "@ 24,24 24,24 0,360",
        ['p'] = "0,48 0,-20 | @ 23,24 23,24 0,360",
        ['q'] = "@ 23,24 23,24 0,360 | 46,48 46,-20",
        ['r'] = "0,48 0,0 | @ 18,28 18,20 180,70",
        ['s'] = "@ 17,36 15,12 30,270 | @ 17,12 17,12 90,-150",
        ['t'] = "10,62 10,12 | @ 22,12 12,12 180,290 | 0,46 24,46",
        ['u'] = "0,48 0,20 | @ 20,20 20,20 180,360 | 40,48 40,0",
        ['v'] = "0,48 21,0 42,48",
        ['w'] = "0,48 15,0 30,44 45,0 60,48",
        ['x'] = "0,0 38,48 | 0,48 38,0",
        ['y'] = "0,48 21,0 | 42,48 14,-20",
        ['z'] = "2,48 38,48 0,0 40,0",
        ['0'] = "@ 23,35 23,35 0,360",
        ['1'] = "0,56 16,70 16,0",
        ['2'] = "@ 23,49 21,21 170,-40 | 39,35.5 0,0 46,0",
        ['3'] = "@ 22,53 18,17 150,-90 | @ 22,18 22,18 90,-150",
        ['4'] = "36,0 36,70 0,20 48,20",
        ['5'] = "42,70 10,70 7.9,40.6 | @ 22,23 22,23 130,-150",
        ['6'] = "@ 23,22 22,22 0,360 | 4,33 30,70",
        ['7'] = "0,70 46,70 16,0",
        ['8'] = "@ 22,53 18,17 0,360 | @ 22,18 22,18 0,360",
        ['9'] = "@ 22,48 22,22 0,360 | 41,37 15,0",
        ['.'] = "0,0 0,1",
        [','] = "2,2 -3,-10",
        [':'] = "0,6 0,7 | 0,41 0,42",
        ['-'] = "0,26 22,26",
        ['+'] = "0,26 32,26 | 16,10 16,42",
        ['='] = "0,20 32,20 | 0,34 32,34",
        ['/'] = "0,-4 26,74",
        ['×'] = "0,12 28,40 | 0,40 28,12",
        ['!'] = "0,70 0,22 | 0,0 0,1",
        ['?'] = "@ 18,52 18,18 160,-50 | 30,38 18,28 18,20 | 18,0 18,1",
        ['('] = "@ 24,30 24,48 125,235",
        [')'] = "@ -8,30 24,48 55,-55",
        ['%'] = "@ 12,56 12,14 0,360 | @ 52,14 12,14 0,360 | 6,0 58,70",
    };

    /// <summary>Draws one line of text and returns how long it is.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="text">Letters, figures and a few signs.</param>
    /// <param name="x">Left end of the baseline.</param>
    /// <param name="y">The baseline.</param>
    /// <param name="size">Height of capitals in pixels.</param>
    /// <param name="pen">Width of the strokes as a share of <paramref name="size"/>.</param>
    /// <param name="colour">Its colour.</param>
    /// <param name="angle">Direction of the baseline in degrees, counter-clockwise.</param>
    public static double Draw(Canvas canvas, string text, double x, double y, double size, double pen, Rgb colour, double angle = 0)
    {
        double unit = size / CapHeight, at = 0;
        var (sin, cos) = Math.SinCos(angle * Math.PI / 180);
        foreach (char letter in text)
        {
            if (letter == ' ')
            {
                at += Space;
                continue;
            }
            double right = 0;
            foreach (var stroke in Strokes(letter))
                for (int i = 0; i < stroke.Count; i++)
                {
                    right = Math.Max(right, stroke[i].X);
                    var from = Place(stroke[Math.Max(0, i - 1)]);
                    var to = Place(stroke[i]);
                    canvas.Line(from.X, from.Y, to.X, to.Y, pen * size, colour);
                }
            at += right + Gap + pen * CapHeight;
        }
        return at * unit;

        (double X, double Y) Place((double X, double Y) point)
        {
            double along = (at + point.X) * unit, up = point.Y * unit;
            return (x + along * cos - up * sin, y - along * sin - up * cos);
        }
    }

    private static IEnumerable<List<(double X, double Y)>> Strokes(char letter)
    {
        foreach (string stroke in Glyphs[letter].Split('|', StringSplitOptions.TrimEntries))
        {
            List<(double X, double Y)> pairs = [.. stroke.TrimStart('@').Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(pair => pair.Split(','))
                .Select(pair => (double.Parse(pair[0], CultureInfo.InvariantCulture), double.Parse(pair[1], CultureInfo.InvariantCulture)))];
            yield return stroke[0] == '@' ? Arc(pairs[0], pairs[1], pairs[2].X, pairs[2].Y) : pairs;
        }
    }

    private static List<(double X, double Y)> Arc((double X, double Y) centre, (double X, double Y) radius, double from, double to)
    {
        int steps = (int)Math.Ceiling(Math.Abs(to - from) / 10);
        return [.. Enumerable.Range(0, steps + 1).Select(step =>
        {
            var (sin, cos) = Math.SinCos((from + (to - from) * step / steps) * Math.PI / 180);
            return (centre.X + radius.X * cos, centre.Y + radius.Y * sin);
        })];
    }
}
