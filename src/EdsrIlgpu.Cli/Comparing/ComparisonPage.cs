using System.Globalization;
using System.Net;
using System.Text;
using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Cli.Comparing;

/// <summary>A comparison as one HTML file that needs nothing beside it. What it looks like and does is in ComparisonPage.html.</summary>
internal static class ComparisonPage
{
    /// <summary>Writes the page.</summary>
    /// <param name="comparison">What it shows.</param>
    /// <param name="title">What it is called.</param>
    /// <param name="writer">Where to.</param>
    public static void Write(Comparison comparison, string title, TextWriter writer)
    {
        // Text and marks by turns.
        string[] template = Template().Split("@@");
        for (int i = 0; i < template.Length; i++)
            if (i % 2 == 0)
                writer.Write(template[i]);
            else
                Fill(template[i]);

        void Fill(string mark)
        {
            switch (mark)
            {
                case "title": writer.Write(Html(title)); break;
                case "description": writer.Write(Html(Description(comparison))); break;
                case "panels": Panels(comparison, writer); break;
                case "detail": writer.Write(Detail(comparison)); break;
                case "left": writer.Write(Html(comparison.Baseline.Name)); break;
                case "right": writer.Write(Html(comparison.Best.Name)); break;
                default: throw new InvalidOperationException($"The page has an unknown mark: {mark}.");
            }
        }
    }

    private static string Description(Comparison comparison)
    {
        var (low, high) = (comparison.Low, comparison.Pictures[0].Picture);
        string sizes = $"{low.Width} × {low.Height} pixels made {high.Width} × {high.Height}";
        return comparison.Network is { } network ? $"{sizes}; EDSR ×{network.Scale} of {network.Blocks} blocks and {network.Features} features" : sizes;
    }

    private static void Panels(Comparison comparison, TextWriter writer)
    {
        foreach (var compared in comparison.Pictures)
        {
            string name = Html(compared.Name), figures = Html(compared.Figures);
            writer.Write($"""
                <figure data-name="{name}" data-figures="{figures}">
                <div class="view" tabindex="0" role="group" aria-label="{name}, zoom and move"><img alt="{name}" width="{compared.Picture.Width}" height="{compared.Picture.Height}" draggable="false" src="data:image/png;base64,
                """);
            writer.Write(Convert.ToBase64String(PictureFile.EncodePng(compared.Picture)));
            writer.WriteLine($"""
                "></div>
                <figcaption><b>{name}</b> <span>{figures}</span></figcaption>
                </figure>
                """);
        }
    }

    /// <summary>The part that a key press shows: an eighth of the sides, x, y, width, height.</summary>
    private static string Detail(Comparison comparison)
    {
        var picture = comparison.Pictures[0].Picture;
        int width = Math.Max(1, picture.Width / 8), height = Math.Max(1, picture.Height / 8);
        var (x, y) = comparison.MostDifferent(width, height);
        return string.Join(',', ((int[])[x, y, width, height]).Select(v => v.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Html(string text) => WebUtility.HtmlEncode(text);

    private static string Template()
    {
        using var stream = typeof(ComparisonPage).Assembly.GetManifestResourceStream("ComparisonPage.html")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
