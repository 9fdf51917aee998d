using System.Net;
using System.Text;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Training;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Cli.Training;

/// <summary>
/// A run as one HTML page that needs nothing beside it: its settings, the curves of its log, and what the best network makes of
/// validation pictures. Equal runs give equal pages.
/// </summary>
/// <param name="run">The run's folder, where the page goes.</param>
/// <param name="config">The run's settings.</param>
/// <param name="validation">Where the pictures come from.</param>
/// <param name="baseline">What its baseline is called.</param>
/// <param name="device">Where the best network runs.</param>
internal sealed class TrainingReport(RunFolder run, TrainingConfig config, ValidationSet validation, string baseline, ComputeDevice device) : ITrainingObserver
{
    private const int MostPictures = 6, CropSide = 120;

    private string crops = "";
    private long cropsOf;

    /// <inheritdoc/>
    public void Stepped(StepResult result) { }

    /// <inheritdoc/>
    public void Validated(ValidationResult result, bool isBest) => Write();

    /// <summary>Writes the page.</summary>
    /// <exception cref="EdsrException">It cannot be written, or the log or the best network cannot be read.</exception>
    public void Write()
    {
        var log = TrainingLog.Read(run.LogFile);
        if (run.BestStep != cropsOf)
            (crops, cropsOf) = (Crops(), run.BestStep);
        string kind = config.NetworkText;
        var page = new StringBuilder();
        page.Append($$"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Training {{kind}}</title>
            <link rel="icon" href="data:,">
            <style>
              :root { --ink: #1f2328; --faint: #59636e; --line: #d1d9e0; --paper: #fff; --ground: #f6f8fa; --accent: #0b57d0; }
              body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.45 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
              main { max-width: 1000px; margin: 0 auto; padding: 18px clamp(10px, 2vw, 28px) 32px; }
              h1 { font-size: 22px; margin: 0 0 4px; }
              h2 { font-size: 16px; margin: 26px 0 6px; }
              p { margin: 0; color: var(--faint); }
              b { color: var(--ink); }
              main > svg { display: block; width: 100%; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; }
              svg text { font-size: 12px; fill: var(--faint); font-variant-numeric: tabular-nums; }
              text.y, text.reference { text-anchor: end; }
              text.x { text-anchor: middle; }
              .grid { stroke: var(--line); }
              .curve { fill: none; stroke: var(--accent); stroke-width: 1.6; stroke-linejoin: round; }
              .dot { fill: var(--accent); }
              line.reference { stroke: #b35900; stroke-dasharray: 5 4; }
              svg text.reference { fill: #b35900; }
              .crops { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 8px 10px; margin-bottom: 16px; }
              .crops p { grid-column: 1 / -1; }
              figure { margin: 0; min-width: 0; }
              img { display: block; width: 100%; image-rendering: pixelated; border-radius: 4px; }
              figcaption { font-size: 13px; color: var(--faint); font-variant-numeric: tabular-nums; }
            </style>
            </head>
            <body>
            <main>
            <h1>Training {{kind}}</h1>
            <p>{{WebUtility.HtmlEncode(config.ToString())}}</p>

            """);
        if (run.BestStep > 0)
            page.AppendLine(FormattableString.Invariant($"<p>The best so far, of step {run.BestStep:N0}: <b>{run.BestPsnr:F3} dB</b>, the mean of {validation.Pictures.Count} validation {(validation.Pictures.Count == 1 ? "picture" : "pictures")}; {baseline} has {validation.Baseline.Mean.Psnr:F3} dB.</p>"));
        Add("Loss", new CurveChart("Loss of each step", log.Losses) { IsLogarithmic = true });
        // What lies far below the baseline is only the beginning.
        var (psnr, ssim) = (validation.Baseline.Mean.Psnr, validation.Baseline.Mean.Ssim);
        var psnrChart = new CurveChart("PSNR of each validation, in dB", log.Psnr);
        // Of a picture in which nothing is to be seen, the baseline makes exactly that.
        Add("PSNR in dB", double.IsFinite(psnr) ? psnrChart with { Reference = (baseline, psnr), Floor = psnr - 3 } : psnrChart);
        Add("SSIM", new CurveChart("SSIM of each validation", log.Ssim) { Reference = (baseline, ssim), Floor = ssim - 0.05 });
        Add("Learning rate", new CurveChart("Learning rate of each step", log.Rates));
        run.SaveReport(page.Append(crops).Append("</main>\n</body>\n</html>\n").ToString());

        void Add(string title, CurveChart chart)
        {
            if (chart.Points.Count > 0)
                page.AppendLine($"<h2>{title}</h2>").AppendLine(chart.ToSvg());
        }
    }

    /// <summary>The part of each picture that the baseline does worst, four times: LR, baseline, the best network, HR.</summary>
    private string Crops()
    {
        using var network = new Upscaler(ModelFile.Load(run.BestFile), device);
        using var plain = new ResamplingUpscaler(baseline, config.Network.Scale);
        var html = new StringBuilder();
        html.AppendLine(FormattableString.Invariant($"<h2>Validation pictures at step {run.BestStep:N0}</h2>"));
        foreach (var (i, (name, lr, hr)) in validation.Pictures.Index().Take(MostPictures))
        {
            int scale = validation.Scale, side = Math.Min(Math.Min(lr.Width, lr.Height), CropSide / scale);
            var (smooth, sharp) = (plain.Upscale(lr), network.Upscale(lr));
            var (x, y) = Worst(smooth, hr, side * scale, scale);
            html.AppendLine($"<div class=\"crops\"><p>{WebUtility.HtmlEncode(name)}</p>");
            Add("low resolution", lr.Crop(x / scale, y / scale, side, side));
            Add(baseline, smooth.Crop(x, y, side * scale, side * scale), validation.Baseline.Pictures[i].Psnr);
            Add("EDSR", sharp.Crop(x, y, side * scale, side * scale), Metrics.QualityMeter.Compare(sharp, hr, scale, validation.Protocol).Psnr);
            Add("high resolution", hr.Crop(x, y, side * scale, side * scale));
            html.AppendLine("</div>");
        }
        return html.ToString();

        void Add(string what, Picture crop, double? psnr = null)
        {
            // A profile would be of no use to twenty small pictures.
            string png = Convert.ToBase64String(PictureFile.EncodePng(new Picture(crop.Width, crop.Height, crop.Channels, crop.Pixels)));
            html.AppendLine(FormattableString.Invariant($"<figure><img alt=\"{what}\" src=\"data:image/png;base64,{png}\"><figcaption>{what}{(psnr is { } dB ? FormattableString.Invariant($", {dB:F2} dB") : "")}</figcaption></figure>"));
        }
    }

    /// <summary>Upper left corner, a multiple of the scale, of the square where two pictures differ most.</summary>
    private static (int X, int Y) Worst(Picture picture, Picture reference, int side, int scale)
    {
        int stride = Math.Max(1, side / 4 / scale) * scale;
        long most = -1;
        var worst = (0, 0);
        for (int y = 0; y + side <= picture.Height; y += stride)
            for (int x = 0; x + side <= picture.Width; x += stride)
            {
                long sum = 0;
                for (int row = y; row < y + side; row++)
                {
                    var a = picture.Row(row).Slice(x * picture.Channels, side * picture.Channels);
                    var b = reference.Row(row).Slice(x * picture.Channels, side * picture.Channels);
                    for (int i = 0; i < a.Length; i++)
                        sum += Math.Abs(a[i] - b[i]);
                }
                if (sum > most)
                    (most, worst) = (sum, (x, y));
            }
        return worst;
    }
}
