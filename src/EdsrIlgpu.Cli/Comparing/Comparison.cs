using EdsrIlgpu.Metrics;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Cli.Comparing;

/// <summary>A picture made larger in several ways, and the original where there is one.</summary>
/// <param name="Low">The picture that was made larger, RGB.</param>
/// <param name="Scale">How many times.</param>
/// <param name="Network">What the network is; null if none took part.</param>
/// <param name="Pictures">Bilinear, bicubic, EDSR, original, those there are.</param>
internal sealed record Comparison(Picture Low, int Scale, EdsrConfig? Network, IReadOnlyList<ComparedPicture> Pictures)
{
    private const string Edsr = "EDSR", Original = "Original";

    /// <summary>Makes the pictures and measures them, by the protocol of the published tables.</summary>
    /// <param name="low">Alpha is left out, grey becomes RGB.</param>
    /// <param name="original">What <paramref name="low"/> was made of; null if it is not known.</param>
    /// <param name="upscaler">A network, or one of the ways that are compared with anyway.</param>
    /// <param name="progress">Told the share of the work that is done.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <exception cref="EdsrException">The original has another size, or the pictures are too small to be judged.</exception>
    public static Comparison Make(Picture low, Picture? original, IUpscaler upscaler, IProgress<double> progress, CancellationToken cancel)
    {
        (low, original) = (low.ToRgb(), original?.ToRgb());
        var pictures = new List<ComparedPicture>();
        // The quick ones first: an original that does not fit is refused before the network runs.
        foreach (string name in (string[])[ResamplingUpscaler.Bilinear, ResamplingUpscaler.Bicubic])
        {
            using var resampler = new ResamplingUpscaler(name, upscaler.Scale);
            Add(char.ToUpperInvariant(name[0]) + name[1..], resampler.Upscale(low, null, cancel));
        }
        var network = upscaler as Upscaler;
        if (network is not null)
            Add(Edsr, network.Upscale(low, progress, cancel));
        if (original is not null)
            pictures.Add(new ComparedPicture(Original, original.Crop(0, 0, pictures[0].Picture.Width, pictures[0].Picture.Height), null));
        return new Comparison(low, upscaler.Scale, network?.Model.Config, pictures);

        void Add(string name, Picture picture) => pictures.Add(
            new ComparedPicture(name, picture, original is null ? null : QualityMeter.Compare(picture, original, upscaler.Scale, Protocol.Y)));
    }

    /// <summary>The best of the pictures that were made, which is the network's if there is one.</summary>
    public ComparedPicture Best => Pictures.Last(p => p.Name != Original);

    /// <summary>What the best one is seen against: bicubic beside a network.</summary>
    public ComparedPicture Baseline => Pictures[Pictures.ToList().IndexOf(Best) - 1];

    /// <summary>
    /// The upper left corner of the rectangle of this size in which <see cref="Best"/> and <see cref="Baseline"/> differ most (sum of
    /// squared differences); in the middle if they are equal.
    /// </summary>
    public (int X, int Y) MostDifferent(int width, int height)
    {
        Picture a = Best.Picture, b = Baseline.Picture;
        var columns = new long[a.Width];
        var (most, at) = (0L, ((a.Width - width) / 2, (a.Height - height) / 2));
        for (int y = 0; y < a.Height; y++)
        {
            // The window's rows end at y: one comes in below, one goes out above.
            AddRow(y, 1);
            if (y >= height)
                AddRow(y - height, -1);
            if (y < height - 1)
                continue;
            long sum = 0;
            for (int x = 0; x < columns.Length; x++)
            {
                sum += columns[x] - (x >= width ? columns[x - width] : 0);
                if (x >= width - 1 && sum > most)
                    (most, at) = (sum, (x - width + 1, y - height + 1));
            }
        }
        return at;

        void AddRow(int y, int sign)
        {
            ReadOnlySpan<byte> p = a.Row(y), q = b.Row(y);
            for (int i = 0; i < p.Length; i++)
                columns[i / 3] += sign * (p[i] - q[i]) * (p[i] - q[i]);
        }
    }
}
