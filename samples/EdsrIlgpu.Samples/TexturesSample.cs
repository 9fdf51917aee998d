namespace EdsrIlgpu.Samples;

/// <summary>Six textures, edge to edge: bricks, cloth, a zone plate, wood, pebbles, checkers in perspective.</summary>
internal static class TexturesSample
{
    public static Picture Draw(int width, int height)
    {
        Func<double, double, Rgb>[] textures = [Bricks, Cloth, ZonePlate, Wood, Pebbles, Checkers];
        var canvas = new Canvas(width, height, 4);
        double tileWidth = width / 3.0, tileHeight = height / 2.0;
        canvas.Paint((x, y) =>
        {
            int column = (int)(x / tileWidth), row = (int)(y / tileHeight);
            return textures[row * 3 + column](x - column * tileWidth, y - row * tileHeight);
        });
        return canvas.ToPicture();
    }

    private static Rgb Bricks(double x, double y)
    {
        const double Width = 34, Height = 15, Mortar = 1.7;
        int row = (int)Math.Floor(y / Height);
        double shifted = x + row % 2 * Width / 2 + 60;
        int column = (int)Math.Floor(shifted / Width);
        double wobble = 0.8 * (Noise.Fractal(x / 5, y / 5, 3) - 0.5);
        double edge = Math.Min(Math.Min(shifted - column * Width, (column + 1) * Width - shifted), Math.Min(y - row * Height, (row + 1) * Height - y)) + wobble;
        double grain = Noise.Fractal(x / 2.2, y / 2.2, 4);
        if (edge < Mortar)
            return Rgb.FromHex(0xB9AFA2) * (0.65 + 0.5 * grain);
        var clay = Rgb.Mix(Rgb.FromHex(0x8E3B2A), Rgb.FromHex(0xC46A45), Noise.At(column, row));
        double light = y - row * Height < Mortar + 1.2 ? 1.2 : (row + 1) * Height - y < Mortar + 1.2 ? 0.75 : 1;
        return clay * (light * (0.6 + 0.8 * grain));
    }

    private static Rgb Cloth(double x, double y)
    {
        const double Thread = 4.6;
        double u = (x * 0.985 + y * 0.17) / Thread, v = (y * 0.985 - x * 0.17) / Thread;
        int i = (int)Math.Floor(u), j = (int)Math.Floor(v);
        // Twill: a warp thread shows where (i − j) mod 4 < 2.
        bool warp = ((i - j) % 4 + 4) % 4 < 2;
        double across = warp ? u - i : v - j;
        double round = Math.Sqrt(Math.Max(0, 1 - 4 * (across - 0.5) * (across - 0.5)));
        double fibre = Noise.Value(warp ? u * 5 : u * 1.2, warp ? v * 1.2 : v * 5);
        var dye = warp ? Rgb.FromHex(0x3E5F8A) : Rgb.FromHex(0xB9C4CF);
        if ((i % 18 + 18) % 18 < 2 && warp)
            dye = Rgb.FromHex(0xB4552D);
        return dye * ((0.25 + 0.75 * round) * (0.75 + 0.5 * fibre));
    }

    // Frequency grows evenly with the distance from the middle, to half a cycle a pixel at the edge.
    private static Rgb ZonePlate(double x, double y)
    {
        double dx = x - 512 / 6.0, dy = y - 96;
        return Rgb.Grey(0.5 + 0.46 * Math.Cos(Math.PI * (dx * dx + dy * dy) / 260));
    }

    private static Rgb Wood(double x, double y)
    {
        const double Board = 42;
        int board = (int)(x / Board);
        double u = x - board * Board, shift = 300 * Noise.At(board, 7);
        double bend = 34 * Noise.Fractal(u / 60 + shift, (y + shift) / 110, 3);
        double rings = (u / 6.5 + bend / 3) % 1;
        double fibre = Noise.Fractal(u * 1.1, y / 16 + shift, 3);
        double shade = 0.55 + 0.45 * Noise.Step(0, 0.8, rings) * (1 - Noise.Step(0.85, 1, rings));
        var wood = Rgb.Mix(Rgb.FromHex(0x6A3A1A), Rgb.FromHex(0xD8A768), 0.3 * Noise.At(board, 3) + 1.1 * (shade - 0.42));
        double gap = u < 1.2 ? 0.25 : u < 2.2 ? 1.15 : 1;
        return wood * (gap * (0.65 + 0.7 * fibre));
    }

    private static Rgb Pebbles(double x, double y)
    {
        const double Size = 15;
        double u = x / Size, v = y / Size, nearest = 9, second = 9, towardsX = 0, towardsY = 0;
        int id = 0;
        for (int i = (int)Math.Floor(u) - 1; i <= Math.Floor(u) + 1; i++)
            for (int j = (int)Math.Floor(v) - 1; j <= Math.Floor(v) + 1; j++)
            {
                double dx = u - i - 0.15 - 0.7 * Noise.At(i, j), dy = v - j - 0.15 - 0.7 * Noise.At(i + 91, j - 37);
                double distance = Math.Sqrt(dx * dx + dy * dy);
                if (distance < nearest)
                    (second, nearest, towardsX, towardsY, id) = (nearest, distance, dx, dy, i * 57 + j);
                else
                    second = Math.Min(second, distance);
            }
        double edge = second - nearest;
        double height = Noise.Step(0.02, 0.42, edge);
        var stone = Rgb.Mix(Rgb.FromHex(0x5E5B57), Rgb.FromHex(0xC9BBA5), Noise.At(id, 5)) * (0.75 + 0.5 * Noise.Fractal(x / 1.8, y / 1.8, 3));
        double light = 0.72 - 0.55 * (towardsX * 0.6 + towardsY * 0.8);
        return Rgb.Mix(Rgb.FromHex(0x201C18), stone * light, height);
    }

    private static Rgb Checkers(double x, double y)
    {
        const double Horizon = 34;
        if (y < Horizon)
            return Rgb.Mix(Rgb.FromHex(0x9DB7D6), Rgb.FromHex(0xF3E9DA), y / Horizon);
        double depth = 1500 / (y - Horizon + 4), across = (x - 70) * depth / 150;
        bool dark = ((int)Math.Floor(across / 4) + (int)Math.Floor(depth / 4) & 1) == 0;
        var tile = dark ? Rgb.FromHex(0x23262B) : Rgb.FromHex(0xEDE6DA);
        return Rgb.Mix(tile, Rgb.FromHex(0xE8DFD3), Noise.Step(30, 330, depth));
    }
}
