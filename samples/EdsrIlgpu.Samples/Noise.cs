namespace EdsrIlgpu.Samples;

/// <summary>Value noise: smooth random functions of the plane, the same on every run.</summary>
internal static class Noise
{
    /// <summary>An independent number of [0, 1) for every pair of integers.</summary>
    public static double At(int x, int y)
    {
        uint h = (uint)x * 0x9E3779B1u ^ (uint)y * 0x85EBCA77u;
        h = (h ^ h >> 15) * 0x2C1B3C6Du;
        h = (h ^ h >> 12) * 0x297A2D39u;
        return (h ^ h >> 15) / 4294967296.0;
    }

    /// <summary>Numbers of [0, 1) at the integers, interpolated with two continuous derivatives.</summary>
    public static double Value(double x, double y)
    {
        double left = Math.Floor(x), top = Math.Floor(y);
        int i = (int)left, j = (int)top;
        double u = Ease(x - left), v = Ease(y - top);
        double above = At(i, j) + u * (At(i + 1, j) - At(i, j));
        double below = At(i, j + 1) + u * (At(i + 1, j + 1) - At(i, j + 1));
        return above + v * (below - above);
    }

    /// <summary>Octaves of value noise, each of half the size and amplitude, turned so that their grids do not line up; about 0–1.</summary>
    public static double Fractal(double x, double y, int octaves)
    {
        double sum = 0, amplitude = 0.5;
        for (int octave = 0; octave < octaves; octave++)
        {
            sum += amplitude * Value(x, y);
            (x, y) = (1.6 * x + 1.2 * y + 17.3, -1.2 * x + 1.6 * y + 9.1);
            amplitude /= 2;
        }
        return sum;
    }

    /// <summary>Like <see cref="Fractal"/>, with creases where the noise crosses its mean: ridges of mountains. About 0–1.</summary>
    public static double Ridged(double x, double y, int octaves)
    {
        double sum = 0, amplitude = 0.5, weight = 1;
        for (int octave = 0; octave < octaves; octave++)
        {
            double ridge = 1 - Math.Abs(2 * Value(x, y) - 1);
            ridge *= ridge * weight;
            weight = Math.Clamp(1.6 * ridge, 0, 1);
            sum += amplitude * ridge;
            (x, y) = (1.6 * x + 1.2 * y + 17.3, -1.2 * x + 1.6 * y + 9.1);
            amplitude /= 2;
        }
        return sum;
    }

    /// <summary>0 below <paramref name="low"/>, 1 above <paramref name="high"/>, smooth between.</summary>
    public static double Step(double low, double high, double x)
    {
        double t = Math.Clamp((x - low) / (high - low), 0, 1);
        return t * t * (3 - 2 * t);
    }

    private static double Ease(double t) => t * t * t * (t * (6 * t - 15) + 10);
}
