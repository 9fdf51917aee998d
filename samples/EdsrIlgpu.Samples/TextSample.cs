namespace EdsrIlgpu.Samples;

/// <summary>Text of many sizes, dark on light, light on dark and slanted.</summary>
internal static class TextSample
{
    public static Picture Draw(int width, int height)
    {
        var canvas = new Canvas(width, height, 6);
        Rgb paper = Rgb.FromHex(0xF7F3EA), ink = Rgb.FromHex(0x1B1F2A), night = Rgb.FromHex(0x14365C), red = Rgb.FromHex(0xB3261E), gold = Rgb.FromHex(0xF2B632);
        canvas.Paint((x, y) => y > height - 118 ? night : paper);

        StrokeFont.Draw(canvas, "Super-resolution", 22, 62, 38, 0.13, ink);
        canvas.Line(22, 78, width - 22, 78, 1.5, red);
        double baseline = 104;
        string[] lines =
        [
            "The quick brown fox jumps over",
            "the lazy dog. 0123456789 (+-=/%)",
            "PACK MY BOX WITH FIVE DOZEN LIQUOR JUGS",
            "Sphinx of black quartz, judge my vow: 3.14159",
            "How vexingly quick daft zebras jump! Yes? 48 × 64 = 3072",
            "Bright vixens jump; dozy fowl quack. Jackdaws love my big sphinx of quartz.",
            "The five boxing wizards jump quickly, and nobody reads a line as small as this one is.",
        ];
        double size = 18;
        foreach (string line in lines)
        {
            StrokeFont.Draw(canvas, line.Replace(';', ','), 22, baseline, size, 0.11, ink);
            baseline += size * 1.62;
            size *= 0.86;
        }
        StrokeFont.Draw(canvas, "EDSR", 24, height - 42, 52, 0.17, gold);
        StrokeFont.Draw(canvas, "×2", 238, height - 42, 52, 0.09, paper);
        StrokeFont.Draw(canvas, "white on blue, 9 pixels high", 324, height - 84, 9, 0.12, paper);
        StrokeFont.Draw(canvas, "and 7 pixels, where it gets hard", 324, height - 66, 7, 0.12, paper);
        StrokeFont.Draw(canvas, "SLANTED", 322, height - 14, 16, 0.12, gold, 9);
        StrokeFont.Draw(canvas, "0.05 s", 438, height - 42, 15, 0.1, Rgb.FromHex(0x8FC1F0), -7);
        return canvas.ToPicture();
    }
}
