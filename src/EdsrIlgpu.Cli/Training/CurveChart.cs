using System.Globalization;
using System.Text;

namespace EdsrIlgpu.Cli.Training;

/// <summary>A curve over steps as inline SVG. Equal curves give equal text.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Points">At least one, by step.</param>
internal sealed record CurveChart(string Title, IReadOnlyList<CurvePoint> Points)
{
    private const int Width = 720, Height = 230, Left = 62, Right = 30, Top = 14, Bottom = 30;

    // More would fall on the same pixels.
    private const int MostPoints = Width - Left - Right;

    /// <summary>Whether the axis of values is logarithmic; then they are above 0.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>A line across, to compare with; null for none.</summary>
    public (string Name, double Value)? Reference { get; init; }

    /// <summary>The least value that is shown; what lies below leaves the chart, unless all does.</summary>
    public double Floor { get; init; } = double.NegativeInfinity;

    /// <summary>The chart, an SVG element.</summary>
    public string ToSvg()
    {
        var points = Thin();
        double least = points.Min(p => p.Value), most = points.Max(p => p.Value);
        if (Floor <= most)
            least = Math.Max(least, Floor);
        if (Reference is { } beside)
            (least, most) = (Math.Min(least, beside.Value), Math.Max(most, beside.Value));
        double low = Scaled(least), high = Scaled(most), size = Math.Max(1e-6, IsLogarithmic ? 1 : Math.Max(Math.Abs(low), Math.Abs(high)));
        // A curve that differs by roundings only is flat.
        double margin = high - low > 1e-6 * size ? 0.05 * (high - low) : 0.5 * size;
        (low, high) = (low - margin, high + margin);
        long last = Math.Max(1, points[^1].Step);

        var svg = new StringBuilder();
        // The curve stands in an image of its own, which cuts off what leaves it.
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Title}\">");
        foreach (double value in Ticks(low, high))
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(value):F1}\" y2=\"{Y(value):F1}\"/><text class=\"y\" x=\"{Left - 8}\" y=\"{Y(value) + 4:F1}\">{Label(value)}</text>");
        foreach (double step in LinearTicks(0, last, 6))
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"x\" x=\"{X(step):F1}\" y=\"{Height - 8}\">{step:N0}</text>");
        if (Reference is { } reference)
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"reference\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Y(reference.Value):F1}\" y2=\"{Y(reference.Value):F1}\"/><text class=\"reference\" x=\"{Width - Right}\" y=\"{Y(reference.Value) - 5:F1}\">{reference.Name}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<svg y=\"{Top}\" width=\"{Width}\" height=\"{Height - Top - Bottom}\" viewBox=\"0 {Top} {Width} {Height - Top - Bottom}\">");
        if (points.Count == 1)
            svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"dot\" r=\"3\" cx=\"{X(points[0].Step):F1}\" cy=\"{Y(points[0].Value):F1}\"/>");
        svg.Append("<polyline class=\"curve\" points=\"");
        foreach (var (step, value) in points)
            svg.Append(CultureInfo.InvariantCulture, $"{X(step):F1},{Y(value):F1} ");
        return svg.Append("\"/></svg></svg>").ToString();

        double X(double step) => Left + (Width - Left - Right) * step / last;

        double Y(double value) => Height - Bottom - (Height - Top - Bottom) * (Scaled(value) - low) / (high - low);
    }

    /// <summary>The points, or where they are more than can be told apart the means of so many runs of them.</summary>
    private IReadOnlyList<CurvePoint> Thin()
    {
        if (Points.Count <= MostPoints)
            return Points;
        var thin = new CurvePoint[MostPoints];
        for (int i = 0; i < thin.Length; i++)
        {
            int from = (int)((long)i * Points.Count / thin.Length), to = (int)((i + 1L) * Points.Count / thin.Length);
            double sum = 0;
            for (int j = from; j < to; j++)
                sum += Points[j].Value;
            thin[i] = new CurvePoint(Points[(from + to) / 2].Step, sum / (to - from));
        }
        return thin;
    }

    private double Scaled(double value) => IsLogarithmic ? Math.Log10(Math.Max(value, 1e-30)) : value;

    private IEnumerable<double> Ticks(double low, double high)
    {
        if (!IsLogarithmic)
            return LinearTicks(low, high, 5);
        foreach (double[] digits in (double[][])[[1], [1, 2, 5]])
        {
            double[] ticks = [.. Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high) - (int)Math.Floor(low) + 1)
                .SelectMany(power => digits.Select(digit => digit * Math.Pow(10, power))).Where(v => Math.Log10(v) >= low && Math.Log10(v) <= high)];
            if (ticks.Length >= 2)
                return ticks;
        }
        return LinearTicks(Math.Pow(10, low), Math.Pow(10, high), 4).Where(v => v > 0);
    }

    /// <summary>Round numbers, about as many as asked for.</summary>
    private static IEnumerable<double> LinearTicks(double low, double high, int count)
    {
        double rough = (high - low) / count, power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double distance = power * (rough / power <= 1 ? 1 : rough / power <= 2 ? 2 : rough / power <= 5 ? 5 : 10);
        long first = (long)Math.Ceiling(low / distance), last = (long)Math.Floor(high / distance);
        for (long i = first; i <= last; i++)
            yield return i * distance;
    }

    private static string Label(double value) => value == 0 || Math.Abs(value) is >= 1e-3 and < 1e5
        ? value.ToString("0.#####", CultureInfo.InvariantCulture)
        : value.ToString("0.##e0", CultureInfo.InvariantCulture);
}
