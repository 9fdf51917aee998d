namespace EdsrIlgpu.Samples;

/// <summary>Mountains behind a lake whose surface is y = 0, with conifers on the lower slopes. One unit is about ten metres.</summary>
internal static class Terrain
{
    /// <summary>No conifer is taller.</summary>
    public const double TallestTree = 2.5;

    private const double TreeCell = 0.85;

    /// <summary>Height of the ground; below 0 under the lake. More octaves, finer detail.</summary>
    public static double Ground(double x, double z, int octaves)
    {
        double shore = 33 + 16 * (Noise.Value(x / 15 + 4.2, 0.5) - 0.5) + 5 * (Noise.Value(x / 4 + 1.1, 7.5) - 0.5);
        double side = 23 + 7 * (Noise.Value(z / 9 + 2.7, 3.3) - 0.5) + 0.1 * z;
        double inland = Math.Max(z - shore, 0.8 * (Math.Abs(x + 1) - side));
        if (inland < 0)
            return 0.12 * inland;
        double hills = 7.5 * Noise.Step(2, 50, inland) * Noise.Fractal(x / 17 + 3.1, z / 17, octaves);
        double peaks = 62 * Noise.Step(16, 120, inland) * Noise.Ridged(x / 70 + 7.4, z / 70 + 1.55, octaves);
        return 0.05 * inland + hills + peaks + 0.1 * Math.Min(1, inland) * Noise.Fractal(x * 1.7, z * 1.7, 3);
    }

    /// <summary>How high a conifer stands over the ground at a place, 0 for none, and a number of [0, 1) that tells it from others.</summary>
    public static (double Height, double Kind) Tree(double x, double z, double ground)
    {
        if (ground is < 0.12 or > 17)
            return default;
        double thinning = Noise.Step(9, 17, ground);
        int i = (int)Math.Floor(x / TreeCell), j = (int)Math.Floor(z / TreeCell);
        (double Height, double Kind) tallest = default;
        for (int a = i - 1; a <= i + 1; a++)
            for (int b = j - 1; b <= j + 1; b++)
            {
                double kind = Noise.At(a, b + 1000);
                double centreX = (a + 0.5 + 0.7 * (Noise.At(a + 500, b) - 0.5)) * TreeCell, centreZ = (b + 0.5 + 0.7 * (Noise.At(a, b - 500) - 0.5)) * TreeCell;
                double wood = Noise.Fractal(centreX / 6 + 40, centreZ / 6, 2);
                if (wood < 0.24 + 0.4 * thinning + 0.1 * kind)
                    continue;
                double height = TallestTree * (0.45 + 0.55 * kind), radius = 0.24 * height;
                double dx = x - centreX, dz = z - centreZ, distance = Math.Sqrt(dx * dx + dz * dz);
                // Tiers of branches: the cone's side is a saw.
                double share = 1 - distance / radius;
                if (share <= 0)
                    continue;
                double cone = height * (share + 0.05 * Math.Sin(share * 34));
                if (cone > tallest.Height)
                    tallest = (cone, kind);
            }
        return tallest;
    }
}
