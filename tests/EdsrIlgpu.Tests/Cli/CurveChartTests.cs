using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using EdsrIlgpu.Cli.Training;

namespace EdsrIlgpu.Tests.Cli;

public class CurveChartTests
{
    [Fact]
    public void Any_curve_becomes_an_image_with_round_numbers_beside_it()
    {
        foreach (var (values, isLogarithmic) in ((double[], bool)[])
            [
                ([1e-4], false), ([0], false), ([5], true), ([1e-4, 1e-4 + 1e-20, 1e-4], false), ([0.1 + 0.2, 0.3], true), ([68, 1.5], true), ([1e-9, 1e9], true),
                ([-3, 40], false), ([.. Enumerable.Range(1, 5000).Select(i => 1.0 / i)], true),
            ])
        {
            CurvePoint[] points = [.. values.Select((v, i) => new CurvePoint(10 * i + 10, v))];
            var svg = XElement.Parse(new CurveChart("A curve", points) { IsLogarithmic = isLogarithmic }.ToSvg());
            string[] labels = [.. svg.Elements("text").Where(t => (string?)t.Attribute("class") == "y").Select(t => t.Value)];
            Assert.InRange(labels.Length, 2, 25);
            Assert.Equal(labels.Length, labels.Distinct().Count());
            Assert.All(labels, l => Assert.True(l.Length <= 8 && double.IsFinite(double.Parse(l, CultureInfo.InvariantCulture)), l));
            string curve = svg.Descendants("polyline").Single().Attribute("points")!.Value;
            var ys = Regex.Matches(curve, @",(-?[0-9.]+)").Select(m => double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToArray();
            Assert.InRange(ys.Length, 1, 700);
            Assert.All(ys, y => Assert.InRange(y, 14, 200));
        }
    }

    [Fact]
    public void A_reference_is_seen_and_what_lies_below_the_floor_is_not()
    {
        CurvePoint[] points = [new(10, 5), new(20, 30), new(30, 34)];
        var svg = XElement.Parse(new CurveChart("A curve", points) { Reference = ("bicubic", 33), Floor = 29 }.ToSvg());
        double reference = (double)svg.Elements("line").Single(l => (string?)l.Attribute("class") == "reference").Attribute("y1")!;
        double[] ys = [.. svg.Descendants("polyline").Single().Attribute("points")!.Value.TrimEnd().Split(' ').Select(p => double.Parse(p.Split(',')[1], CultureInfo.InvariantCulture))];
        Assert.True(ys[2] < reference && reference < ys[1] && ys[1] < 200 && ys[0] > 200);
        // The image that the curve stands in ends there.
        Assert.Equal("0 14 720 186", (string?)svg.Element("svg")!.Attribute("viewBox"));
    }

    [Fact]
    public void Where_all_lies_below_the_floor_it_is_seen_all_the_same()
    {
        var svg = XElement.Parse(new CurveChart("A curve", [new(10, 17)]) { Reference = ("bicubic", 33), Floor = 30 }.ToSvg());
        Assert.InRange((double)svg.Descendants("circle").Single().Attribute("cy")!, 14, 200);
    }
}
