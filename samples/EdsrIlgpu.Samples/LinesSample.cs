namespace EdsrIlgpu.Samples;

/// <summary>A chart of thin lines: a star, rings, gratings of falling pitch, a fan and curves.</summary>
internal static class LinesSample
{
    public static Picture Draw(int width, int height)
    {
        var canvas = new Canvas(width, height, 6);
        Rgb paper = Rgb.FromHex(0xFBFAF7), ink = Rgb.FromHex(0x15181E), blue = Rgb.FromHex(0x1F5FA8), red = Rgb.FromHex(0xC23B22), green = Rgb.FromHex(0x2E7D4F);
        canvas.Paint((x, y) =>
        {
            double dx = x - 112, dy = y - 112, r = Math.Sqrt(dx * dx + dy * dy);
            if (r < 92)
                return r < 4 || Math.Cos(36 * Math.Atan2(dy, dx)) > 0 ? ink : paper;
            (dx, dy) = (x - 320, y - 112);
            r = Math.Sqrt(dx * dx + dy * dy);
            if (r < 92)
                // The rings' pitch falls from 14 pixels in the middle to 3 at the rim.
                return Math.Cos(2 * Math.PI * (r / 14 + r * r * (1 / 3.0 - 1 / 14.0) / (2 * 92))) > 0 ? blue : paper;
            return paper;
        });
        for (int grating = 0; grating < 6; grating++)
        {
            double pitch = 8 - grating * 1.1, left = 428, top = 20 + grating * 32;
            for (double at = 0; at < 36; at += pitch)
            {
                canvas.Line(left + at, top, left + at, top + 26, pitch / 2.2, ink);
                if (at < 26)
                    canvas.Line(left + 40, top + at, left + 70, top + at, pitch / 2.2, ink);
            }
        }
        for (int spoke = 0; spoke <= 24; spoke++)
        {
            var (sin, cos) = Math.SinCos(spoke * Math.PI / 48);
            canvas.Line(20, height - 16, 20 + 150 * cos, height - 16 - 132 * sin, 0.4 + spoke * 0.07, spoke % 4 == 0 ? red : ink);
        }
        for (int wave = 0; wave < 9; wave++)
            Curve(canvas, t => (190 + 150 * t, 246 + wave * 14 + (3 + wave * 1.4) * Math.Sin(2 * Math.PI * t * (1 + wave * 0.5))), 0.7 + wave * 0.22, wave % 3 == 2 ? green : ink);
        Curve(canvas, t =>
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * 9 * t);
            return (428 + 66 * t * cos, 302 + 66 * t * sin);
        }, 1.1, blue);
        for (int mesh = 0; mesh <= 12; mesh++)
        {
            canvas.Line(362, 232 + mesh * 5.5, 362 + 4 * mesh, 232 + 132, 0.6, red);
        }
        return canvas.ToPicture();
    }

    private static void Curve(Canvas canvas, Func<double, (double X, double Y)> at, double pen, Rgb colour)
    {
        const int Steps = 600;
        var from = at(0);
        for (int step = 1; step <= Steps; step++)
        {
            var to = at((double)step / Steps);
            canvas.Line(from.X, from.Y, to.X, to.Y, pen, colour);
            from = to;
        }
    }
}
