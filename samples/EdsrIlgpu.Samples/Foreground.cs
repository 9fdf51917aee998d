namespace EdsrIlgpu.Samples;

/// <summary>What stands at the viewer's feet in the scene: a bank with grass and flowers, and pines.</summary>
internal static class Foreground
{
    public static void Draw(Canvas canvas, int width, int height)
    {
        var random = new Random(20);
        canvas.Paint((x, y, behind) => y > Bank(x, height) ? Rgb.FromHex(0x2C3A18) * (0.5 + Noise.Fractal(x / 5, y / 5, 3)) : behind);
        Pine(canvas, random, 34, Bank(34, height) + 6, 212);
        Pine(canvas, random, 84, Bank(84, height) + 9, 118);
        Grass(canvas, random, width, height, 0, 0.45);
        Pine(canvas, random, 462, Bank(462, height) + 12, 300);
        Grass(canvas, random, width, height, 0.45, 1);
    }

    private static double Bank(double x, int height) =>
        height - 26 - 22 * Math.Pow((x - 250) / 260, 2) - 9 * (Noise.Fractal(x / 60 + 8, 2.5, 3) - 0.5);

    private static void Grass(Canvas canvas, Random random, int width, int height, double from, double to)
    {
        const int Blades = 5200;
        for (int blade = (int)(Blades * from); blade < Blades * to; blade++)
        {
            double depth = (double)blade / Blades, x = random.NextDouble() * (width + 20) - 10;
            double y = Bank(x, height) + 3 + depth * 60;
            double length = (6 + 13 * random.NextDouble()) * (0.6 + 0.7 * depth), lean = (random.NextDouble() - 0.42) * 0.75 * length;
            var colour = Rgb.Mix(Rgb.FromHex(0x33501C), Rgb.FromHex(0xB4BC55), Math.Pow(random.NextDouble(), 1.4)) * (0.55 + 0.6 * random.NextDouble());
            canvas.Line(x, y, x + 0.35 * lean, y - 0.6 * length, 1.5, 1.1, colour);
            canvas.Line(x + 0.35 * lean, y - 0.6 * length, x + lean, y - length, 1.1, 0.3, colour * 1.25);
            if (random.NextDouble() < 0.016)
                Flower(canvas, random, x + lean, y - length);
        }
    }

    private static void Flower(Canvas canvas, Random random, double x, double y)
    {
        var petal = random.Next(3) switch { 0 => Rgb.FromHex(0xF4F1E6), 1 => Rgb.FromHex(0xE9C53A), _ => Rgb.FromHex(0xB46BC9) };
        for (int i = 0; i < 6; i++)
        {
            var (sin, cos) = Math.SinCos(i * Math.PI / 3 + 0.4);
            canvas.Line(x, y, x + 1.9 * cos, y + 1.5 * sin, 1.2, petal * (0.8 - 0.25 * sin));
        }
        canvas.Line(x, y, x, y, 1.5, Rgb.FromHex(0xC98A1B));
    }

    private static void Pine(Canvas canvas, Random random, double x, double foot, double tall)
    {
        canvas.Line(x, foot, x + 1, foot - tall, tall / 34, 0.8, Rgb.FromHex(0x3A2C22));
        canvas.Line(x - tall / 110, foot, x + 0.6, foot - tall, tall / 90, 0.4, Rgb.FromHex(0x7A6250));
        int tiers = (int)(tall / 4.6);
        for (int tier = tiers; tier >= 0; tier--)
        {
            double share = (double)tier / tiers, y = foot - tall + 0.9 * tall * share;
            double reach = tall * (0.012 + 0.19 * Math.Pow(share, 0.85)) * (0.75 + 0.5 * random.NextDouble());
            int branches = 5 + (int)(7 * share);
            foreach (double turn in Enumerable.Range(0, branches).Select(i => 2 * Math.PI * (i + random.NextDouble()) / branches).OrderBy(Math.Sin).ToArray())
                Branch(canvas, random, x, y, reach * (0.7 + 0.5 * random.NextDouble()), turn);
        }
    }

    /// <summary>A drooping branch; <paramref name="turn"/> is its direction seen from above, π/2 towards the viewer.</summary>
    private static void Branch(Canvas canvas, Random random, double x, double y, double reach, double turn)
    {
        var (towards, aside) = Math.SinCos(turn);
        int tufts = Math.Max(3, (int)(reach / 1.7));
        for (int tuft = 0; tuft <= tufts; tuft++)
        {
            double share = (double)tuft / tufts;
            double tuftX = x + aside * reach * share, tuftY = y + reach * (0.28 * share + 0.22 * share * share - 0.10 + 0.18 * towards * share);
            // Sun from the left and behind the viewer: tips that look there are bright, the inside of the crown is dark.
            double light = Math.Clamp(0.10 + 0.55 * share * (0.45 - 0.5 * aside + 0.35 * towards), 0.03, 1);
            for (int needle = 0; needle < 4; needle++)
            {
                double length = (2.2 + 2.6 * random.NextDouble()) * (1 - 0.3 * share), angle = (random.NextDouble() - 0.5) * 2.2;
                var (sin, cos) = Math.SinCos(angle);
                double side = aside >= 0 ? 1 : -1;
                var colour = Rgb.Mix(Rgb.FromHex(0x0E1D12), Rgb.FromHex(0x8A9E4A), light * (0.55 + 0.9 * random.NextDouble()));
                canvas.Line(tuftX, tuftY, tuftX + side * length * cos, tuftY + length * (0.35 + sin), 0.95, 0.4, colour);
            }
        }
    }
}
