namespace EdsrIlgpu.Samples;

/// <summary>A mountain lake on a summer morning: rays marched through <see cref="Terrain"/>, with pines and grass drawn in front.</summary>
internal static class SceneSample
{
    private const double Far = 330;

    private static readonly Vector Eye = new(0, 3.1, 0), Sun = new Vector(-0.72, 0.50, -0.34).Normalised();
    private static readonly Rgb SunLight = new(1.62f, 1.36f, 1.04f), SkyLight = new(0.30f, 0.42f, 0.62f), Haze = Rgb.FromHex(0xC9D8E6);

    public static Picture Draw(int width, int height)
    {
        var canvas = new Canvas(width, height, 3);
        double focal = 0.74 * width;
        canvas.Paint((x, y) => Develop(Trace(Eye, new Vector((x - width / 2.0) / focal, (0.46 * height - y) / focal, 1).Normalised(), overWater: true)));
        Foreground.Draw(canvas, width, height);
        return canvas.ToPicture();
    }

    /// <summary>Exposure, and a shoulder that keeps the brightest parts from burning out.</summary>
    private static Rgb Develop(Rgb light)
    {
        static float Shoulder(double v) => (float)(v < 0.6 ? v : 0.6 + 0.4 * (1 - Math.Exp(-(v - 0.6) / 0.4)));
        return new(Shoulder(light.R * 0.95), Shoulder(light.G * 0.95), Shoulder(light.B * 0.95));
    }

    private static Rgb Trace(Vector from, Vector direction, bool overWater)
    {
        double water = overWater && direction.Y < 0 ? -from.Y / direction.Y : Far;
        double distance = March(from, direction, Math.Min(water, Far));
        if (distance < Math.Min(water, Far))
            return InHaze(Land(from + direction * distance, distance), distance, direction);
        return water < Far ? InHaze(Water(from + direction * water, direction, water), water * 0.6, direction) : Sky(direction);
    }

    /// <summary>Distance to the land or a tree, or <paramref name="end"/>.</summary>
    private static double March(Vector from, Vector direction, double end)
    {
        double before = 0, distance = 0.5;
        for (int step = 0; step < 400 && distance < end; step++)
        {
            double above = Above(from + direction * distance, 6, distance, out double aboveGround);
            if (above < 0)
            {
                for (int halving = 0; halving < 7; halving++)
                {
                    double middle = (before + distance) / 2;
                    if (Above(from + direction * middle, 6, middle, out _) < 0)
                        distance = middle;
                    else
                        before = middle;
                }
                return distance;
            }
            before = distance;
            double stride = 0.35 * aboveGround;
            if (aboveGround < Terrain.TallestTree && distance < 150)
                stride = Math.Min(stride, 0.12 + 0.0015 * distance);
            distance += Math.Max(stride, 0.05 + 0.002 * distance);
        }
        return end;
    }

    private static double Above(Vector place, int octaves, double distance, out double aboveGround)
    {
        double ground = Terrain.Ground(place.X, place.Z, octaves);
        aboveGround = place.Y - ground;
        return aboveGround is > Terrain.TallestTree or < 0 || distance > 150 ? aboveGround : aboveGround - Terrain.Tree(place.X, place.Z, ground).Height;
    }

    private static Rgb Land(Vector place, double distance)
    {
        double ground = Terrain.Ground(place.X, place.Z, 6);
        var (tree, kind) = distance < 150 ? Terrain.Tree(place.X, place.Z, ground) : default;
        bool isTree = tree > 0.1;
        var normal = Normal(place, isTree ? 0.05 : 0.0012 * distance, isTree);
        double light = Math.Max(0, normal.Dot(Sun)) * Lit(place, isTree);
        double open = isTree ? 0.35 + 0.65 * Math.Clamp((place.Y - ground) / Terrain.TallestTree * 1.3, 0, 1) : 1;
        var bounce = SkyLight * ((0.55 + 0.45 * normal.Y) * open);
        return (isTree ? Needles(kind) : Soil(place, normal)) * (SunLight * light + bounce);
    }

    private static Rgb Needles(double kind) => Rgb.Mix(Rgb.FromHex(0x2C4A26), Rgb.FromHex(0x6B7D38), kind * kind);

    private static Rgb Soil(Vector place, Vector normal)
    {
        double patches = Noise.Fractal(place.X / 3.1, place.Z / 3.1, 5), layers = Noise.Fractal(place.X / 9, place.Y * 1.1 + place.Z / 14, 5);
        var rock = Rgb.Mix(Rgb.FromHex(0x5B534D), Rgb.FromHex(0xA39A90), layers);
        var grass = Rgb.Mix(Rgb.FromHex(0x4E6130), Rgb.FromHex(0x93924F), patches);
        var wood = Rgb.FromHex(0x33492B);
        var soil = Rgb.Mix(rock, Rgb.Mix(grass, wood, Noise.Step(0.42, 0.6, patches) * Noise.Step(18, 10, place.Y)),
            Noise.Step(0.55, 0.75, normal.Y + 0.25 * (patches - 0.5)) * Noise.Step(25, 15, place.Y + 8 * (patches - 0.5)));
        double snow = Noise.Step(16, 25, place.Y + 9 * (layers - 0.5)) * Noise.Step(0.42, 0.62, normal.Y + 0.3 * (patches - 0.5));
        return Rgb.Mix(Rgb.Mix(Rgb.FromHex(0xA89C86), soil, Noise.Step(0.02, 0.25, place.Y)), Rgb.FromHex(0xF2F5FA), snow);
    }

    private static Vector Normal(Vector place, double reach, bool withTrees)
    {
        double Height(double x, double z)
        {
            double ground = Terrain.Ground(x, z, withTrees ? 6 : 9);
            return withTrees ? ground + Terrain.Tree(x, z, ground).Height : ground;
        }
        double dx = Height(place.X - reach, place.Z) - Height(place.X + reach, place.Z);
        double dz = Height(place.X, place.Z - reach) - Height(place.X, place.Z + reach);
        return new Vector(dx, 2 * reach * (withTrees ? 1.6 : 1), dz).Normalised();
    }

    /// <summary>How much of the sun a place sees, 0 to 1, with a soft edge.</summary>
    private static double Lit(Vector place, bool isTree)
    {
        double lit = 1;
        double distance = isTree ? 0.35 : 0.15;
        for (int step = 0; step < 48 && lit > 0.02; step++)
        {
            var at = place + Sun * distance;
            if (at.Y > 60)
                break;
            double above = Above(at, 5, step < 14 ? 0 : Far, out _);
            lit = Math.Min(lit, 0.5 + 14 * above / distance);
            distance += Math.Max(0.16, Math.Max(0.12 * distance, 0.3 * above));
        }
        return Noise.Step(0, 1, lit);
    }

    private static Rgb Water(Vector place, Vector direction, double distance)
    {
        // Ripples, long across the view; far ones average out.
        double calm = 1 / (1 + 0.035 * distance);
        double breeze = 0.35 + 1.3 * Noise.Step(0.4, 0.6, Noise.Fractal(place.X / 14, place.Z / 5, 3));
        double tiltX = 0.035 * breeze * calm * (Noise.Fractal(place.X * 1.3, place.Z * 2.6, 3) - 0.44);
        double tiltZ = 0.11 * breeze * calm * (Noise.Fractal(place.X * 1.1 + 50, place.Z * 3.1, 3) - 0.44);
        var normal = new Vector(tiltX, 1, tiltZ).Normalised();
        var mirrored = direction + normal * (-2 * direction.Dot(normal));
        mirrored = new Vector(mirrored.X, Math.Max(0.004, mirrored.Y), mirrored.Z).Normalised();
        double grazing = 1 + direction.Dot(normal);
        double fresnel = 0.04 + 0.96 * Math.Pow(Math.Clamp(grazing, 0, 1), 4);
        var depth = Rgb.Mix(Rgb.FromHex(0x1E5A5E), Rgb.FromHex(0x123A4C), Noise.Step(5, 25, distance));
        return Rgb.Mix(depth, Trace(place, mirrored, overWater: false), 0.12 + 0.86 * fresnel);
    }

    private static Rgb InHaze(Rgb colour, double distance, Vector direction)
    {
        double amount = 1 - Math.Exp(-Math.Pow(distance / 260, 1.5));
        return Rgb.Mix(colour, Rgb.Mix(Haze, Rgb.FromHex(0xF2DDBD), Math.Pow(Math.Max(0, -direction.X), 2)), amount);
    }

    private static Rgb Sky(Vector direction)
    {
        double up = Math.Max(0, direction.Y);
        var sky = Rgb.Mix(Rgb.FromHex(0xD6E2EA), Rgb.FromHex(0x2F6DB5), 1 - Math.Exp(-4.2 * up));
        sky = Rgb.Mix(sky, Rgb.FromHex(0xF6E3C4), 0.55 * Math.Exp(-9 * up) * Math.Max(0, 0.5 - direction.X));
        // Clouds lie in a layer: the lower they stand in the sky, the farther they are and the flatter they look.
        double x = direction.X / (up + 0.12), z = direction.Z / (up + 0.12);
        double Thickness(double shift) => Noise.Fractal(0.75 * x + 3.3 + shift, 0.9 * z + 6.1, 7);
        double thick = Thickness(0);
        double cover = Noise.Step(0.47, 0.70, thick) * Noise.Step(0.02, 0.16, up);
        var cloud = Rgb.Mix(Rgb.FromHex(0xFFF8EC), Rgb.FromHex(0x9FAFC4), Noise.Step(-0.06, 0.16, thick - 0.5 - 1.6 * (thick - Thickness(-0.12))));
        return Rgb.Mix(sky, cloud, 0.92 * cover);
    }
}
