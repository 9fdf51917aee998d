namespace EdsrIlgpu.Samples;

/// <summary>Smooth shades: glossy balls on a table under a fading wall, their shadows soft.</summary>
internal static class GradientsSample
{
    private static readonly (double X, double Y, double Radius, Rgb Colour)[] Balls =
    [
        (146, 214, 88, Rgb.FromHex(0xD8432F)),
        (304, 244, 58, Rgb.FromHex(0xF0B429)),
        (420, 226, 76, Rgb.FromHex(0x2F6FD0)),
        (246, 306, 27, Rgb.FromHex(0x2FA36B)),
        (352, 316, 21, Rgb.FromHex(0xE8E4DC)),
    ];

    public static Picture Draw(int width, int height)
    {
        var canvas = new Canvas(width, height, 4);
        canvas.Paint((x, y) => Background(x, y, width));
        foreach (var ball in Balls.OrderBy(ball => ball.Y + ball.Radius))
            canvas.Paint((x, y, below) => Shade(ball, x, y, below));
        return canvas.ToPicture();
    }

    private static Rgb Background(double x, double y, int width)
    {
        const double Horizon = 236;
        var wall = Rgb.Mix(Rgb.FromHex(0x2B3A67), Rgb.FromHex(0xF3A683), Noise.Step(-30, Horizon, y)) * (0.8 + 0.3 * x / width);
        var table = Rgb.Mix(Rgb.FromHex(0x9C7A65), Rgb.FromHex(0xE9D9C8), Noise.Step(Horizon, 400, y));
        double shadow = 1;
        foreach (var (ballX, ballY, radius, _) in Balls)
        {
            double dx = (x - ballX - 0.55 * radius) / (1.35 * radius), dy = (y - ballY - 0.93 * radius) / (0.30 * radius);
            shadow *= 1 - 0.72 * Math.Exp(-1.6 * (dx * dx + dy * dy));
        }
        return Rgb.Mix(wall, table * shadow, Noise.Step(Horizon - 5, Horizon + 5, y));
    }

    private static Rgb Shade((double X, double Y, double Radius, Rgb Colour) ball, double x, double y, Rgb below)
    {
        double nx = (x - ball.X) / ball.Radius, ny = (y - ball.Y) / ball.Radius, inside = 1 - nx * nx - ny * ny;
        if (inside <= 0)
            return below;
        double nz = Math.Sqrt(inside);
        double sun = Math.Max(0, -0.52 * nx - 0.62 * ny + 0.59 * nz);
        double gloss = Math.Pow(Math.Max(0, -0.30 * nx - 0.36 * ny + 0.885 * nz), 90);
        double rim = Math.Pow(1 - nz, 3);
        var sky = Rgb.Mix(Rgb.FromHex(0xC99A7C), Rgb.FromHex(0x8D9CC8), Noise.Step(0.8, -0.8, ny));
        return ball.Colour * (0.95 * sun) + ball.Colour * sky * 0.35 + sky * (0.35 * rim) + Rgb.Grey(0.85 * gloss);
    }
}
