using EdsrIlgpu.Imaging.Drawing;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Cli.Comparing;

/// <summary>
/// A comparison as one picture: the pictures side by side, their names and figures below them, and below those a part of each,
/// enlarged pixel by pixel, from where they differ most.
/// </summary>
internal static class ComparisonSheet
{
    // How many times larger a pixel of the enlarged part is than one of the pictures, if they have as many.
    private const int Zoom = 4;

    // Pixels of the sheet. Larger pictures are shown smaller, and small ones larger, by a whole factor.
    private const int Widest = 640, Tallest = 960, Narrowest = 210, Margin = 16, Gap = 12, CaptionHeight = 48, NoteHeight = 28;

    private static readonly Rgb Paper = Rgb.FromHex(0xFFFFFF), Ink = Rgb.FromHex(0x1F2328), Faint = Rgb.FromHex(0x59636E);
    private static readonly byte[] Frame = [0xE0, 0x31, 0x31];

    /// <summary>Draws the sheet.</summary>
    public static Picture Draw(Comparison comparison)
    {
        var first = comparison.Pictures[0].Picture;
        int shrink = Math.Max(1, Math.Max((first.Width + Widest - 1) / Widest, (first.Height + Tallest - 1) / Tallest));
        // A picture shrunk by more than its smaller side would vanish.
        shrink = Math.Min(shrink, Math.Min(first.Width, first.Height));
        int grow = shrink > 1 ? 1 : Math.Max(1, Math.Min(Narrowest / first.Width, Narrowest / first.Height));
        int width = first.Width / shrink * grow, height = first.Height / shrink * grow, column = Math.Max(width, Narrowest);

        int zoom = Math.Min(Zoom * grow, Math.Min(width, height)), partWidth = width / zoom, partHeight = height / zoom;
        var (partX, partY) = comparison.MostDifferent(partWidth, partHeight);

        var sheet = new Picture(
            2 * Margin + comparison.Pictures.Count * (column + Gap) - Gap,
            2 * Margin + height + CaptionHeight + partHeight * zoom + NoteHeight,
            3)
        { IccProfile = comparison.Low.IccProfile };
        Array.Fill(sheet.Pixels, byte.MaxValue);
        int x = Margin, partTop = Margin + height + CaptionHeight;
        foreach (var compared in comparison.Pictures)
        {
            var picture = compared.Picture;
            var whole = Enlarge(shrink > 1 ? MatlabBicubic.Downscale(picture, shrink) : picture, grow);
            Outline(whole, partX * grow / shrink, partY * grow / shrink, Math.Max(1, partWidth * grow / shrink), Math.Max(1, partHeight * grow / shrink));
            Paste(sheet, whole, x, Margin);
            Paste(sheet, Enlarge(picture.Crop(partX, partY, partWidth, partHeight), zoom), x, partTop);
            Paste(sheet, Text(column, CaptionHeight, (compared.Name, 22, 12, 0.17, Ink), (compared.Figures, 40, 10, 0.12, Faint)), x, Margin + height);
            x += column + Gap;
        }
        string note = $"Where {comparison.Baseline.Name} and {comparison.Best.Name} differ most, {zoom * shrink / grow}× larger";
        Paste(sheet, Text(sheet.Width - 2 * Margin, NoteHeight, (note, 22, 10, 0.12, Faint)), Margin, partTop + partHeight * zoom);
        return sheet;
    }

    private static Picture Text(int width, int height, params (string Text, double Baseline, double Size, double Pen, Rgb Colour)[] lines)
    {
        var canvas = new Canvas(width, height, 4);
        canvas.Paint((_, _) => Paper);
        foreach (var (text, baseline, size, pen, colour) in lines)
            StrokeFont.Draw(canvas, text, 1, baseline, size, pen, colour);
        return canvas.ToPicture();
    }

    /// <summary>Every pixel becomes a square of <paramref name="times"/> by <paramref name="times"/>.</summary>
    private static Picture Enlarge(Picture picture, int times)
    {
        var result = new Picture(picture.Width * times, picture.Height * times, 3);
        for (int y = 0; y < result.Height; y++)
        {
            var row = result.Row(y);
            var from = picture.Row(y / times);
            for (int x = 0; x < result.Width; x++)
                from.Slice(x / times * 3, 3).CopyTo(row[(x * 3)..]);
        }
        return result;
    }

    private static void Outline(Picture picture, int left, int top, int width, int height)
    {
        for (int y = top; y < top + height; y++)
            for (int x = left; x < left + width; x++)
                if (y == top || y == top + height - 1 || x == left || x == left + width - 1)
                    Frame.CopyTo(picture.Row(y)[(3 * x)..]);
    }

    private static void Paste(Picture onto, Picture picture, int left, int top)
    {
        for (int y = 0; y < picture.Height; y++)
            picture.Row(y).CopyTo(onto.Row(top + y)[(3 * left)..]);
    }
}
