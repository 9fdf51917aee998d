namespace EdsrIlgpu.Imaging.Drawing;

/// <summary>A colour in linear light, 1 the brightest that a screen shows.</summary>
internal readonly record struct Rgb(float R, float G, float B)
{
    /// <summary>A colour as people write it: 0xRRGGBB in sRGB.</summary>
    public static Rgb FromHex(int hex) => new(Decode(hex >> 16 & 255), Decode(hex >> 8 & 255), Decode(hex & 255));

    public static Rgb Grey(double level) => new((float)level, (float)level, (float)level);

    public static Rgb Mix(Rgb a, Rgb b, double share) => a * (1 - share) + b * share;

    public static Rgb operator +(Rgb a, Rgb b) => new(a.R + b.R, a.G + b.G, a.B + b.B);

    public static Rgb operator *(Rgb a, Rgb b) => new(a.R * b.R, a.G * b.G, a.B * b.B);

    public static Rgb operator *(Rgb a, double factor) => new((float)(a.R * factor), (float)(a.G * factor), (float)(a.B * factor));

    /// <summary>An 8-bit sRGB sample of a linear one (IEC 61966-2-1).</summary>
    public static byte Encode(double linear)
    {
        linear = Math.Clamp(linear, 0, 1);
        double encoded = linear <= 0.0031308 ? 12.92 * linear : 1.055 * Math.Pow(linear, 1 / 2.4) - 0.055;
        return (byte)(255 * encoded + 0.5);
    }

    private static float Decode(int sample)
    {
        double encoded = sample / 255.0;
        return (float)(encoded <= 0.04045 ? encoded / 12.92 : Math.Pow((encoded + 0.055) / 1.055, 2.4));
    }
}
