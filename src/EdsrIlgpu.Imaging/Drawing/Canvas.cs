namespace EdsrIlgpu.Imaging.Drawing;

/// <summary>
/// A drawing surface in pixel coordinates, (0, 0) the upper left corner of the upper left pixel. Every pixel is a square of samples that
/// are averaged in linear light at the end, as a camera's sensor does.
/// </summary>
internal sealed class Canvas(int width, int height, int samplesPerSide)
{
    private readonly Rgb[] samples = new Rgb[width * samplesPerSide * height * samplesPerSide];

    private int Columns => width * samplesPerSide;

    private int Rows => height * samplesPerSide;

    /// <summary>Paints every sample with the colour at its place.</summary>
    public void Paint(Func<double, double, Rgb> colourAt) => Paint((x, y, _) => colourAt(x, y));

    /// <summary>Paints every sample with a colour that depends on its place and on what is there.</summary>
    public void Paint(Func<double, double, Rgb, Rgb> colourAt) =>
        Parallel.For(0, Rows, row =>
        {
            for (int column = 0; column < Columns; column++)
            {
                ref var sample = ref samples[row * Columns + column];
                sample = colourAt((column + 0.5) / samplesPerSide, (row + 0.5) / samplesPerSide, sample);
            }
        });

    /// <summary>A line with round ends, tapering from one width to another.</summary>
    public void Line(double x0, double y0, double x1, double y1, double width0, double width1, Rgb colour)
    {
        double reach = Math.Max(width0, width1) / 2;
        double dx = x1 - x0, dy = y1 - y0, square = dx * dx + dy * dy;
        int First(double low) => Math.Max(0, (int)((low - reach) * samplesPerSide));
        int End(double high, int limit) => Math.Min(limit, (int)Math.Ceiling((high + reach) * samplesPerSide) + 1);
        for (int row = First(Math.Min(y0, y1)); row < End(Math.Max(y0, y1), Rows); row++)
            for (int column = First(Math.Min(x0, x1)); column < End(Math.Max(x0, x1), Columns); column++)
            {
                double x = (column + 0.5) / samplesPerSide - x0, y = (row + 0.5) / samplesPerSide - y0;
                double along = square == 0 ? 0 : Math.Clamp((x * dx + y * dy) / square, 0, 1);
                double radius = (width0 + (width1 - width0) * along) / 2;
                x -= along * dx;
                y -= along * dy;
                if (x * x + y * y <= radius * radius)
                    samples[row * Columns + column] = colour;
            }
    }

    /// <summary>A line of even width.</summary>
    public void Line(double x0, double y0, double x1, double y1, double width, Rgb colour) => Line(x0, y0, x1, y1, width, width, colour);

    /// <summary>The picture, 8-bit sRGB.</summary>
    public Picture ToPicture()
    {
        var picture = new Picture(width, height, 3);
        Parallel.For(0, height, y =>
        {
            var pixels = picture.Row(y);
            for (int x = 0; x < width; x++)
            {
                Rgb sum = default;
                for (int i = 0; i < samplesPerSide; i++)
                    for (int j = 0; j < samplesPerSide; j++)
                        sum += samples[(y * samplesPerSide + i) * Columns + x * samplesPerSide + j];
                sum *= 1.0 / (samplesPerSide * samplesPerSide);
                (pixels[3 * x], pixels[3 * x + 1], pixels[3 * x + 2]) = (Rgb.Encode(sum.R), Rgb.Encode(sum.G), Rgb.Encode(sum.B));
            }
        });
        return picture;
    }
}
