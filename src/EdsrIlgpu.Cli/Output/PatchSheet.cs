namespace EdsrIlgpu.Cli.Output;

/// <summary>Patches on one picture.</summary>
internal static class PatchSheet
{
    private const byte Paper = 255;

    /// <summary>Puts pairs side by side in rows, on a sheet about as wide as high.</summary>
    /// <param name="pairs">LR and HR patches, all of the same sizes.</param>
    /// <param name="scale">Factor between them; LR pixels become squares of that side.</param>
    /// <exception cref="EdsrException">The sheet would be larger than 2 GiB.</exception>
    public static Picture Compose(IReadOnlyList<(Picture Lr, Picture Hr)> pairs, int scale)
    {
        int size = pairs[0].Hr.Width, gap = Math.Max(2, size / 24), cell = 2 * size + gap;
        int columns = Math.Clamp((int)Math.Round(Math.Sqrt(pairs.Count * (size + gap) / (double)(cell + 2 * gap))), 1, pairs.Count);
        int rows = (pairs.Count + columns - 1) / columns;
        // Twice the gap between pairs, so that it shows what belongs together.
        var sheet = new Picture(checked(columns * (cell + 2 * gap) + 2 * gap), checked(rows * (size + 2 * gap) + 2 * gap), pairs[0].Hr.Channels);
        Array.Fill(sheet.Pixels, Paper);
        for (int i = 0; i < pairs.Count; i++)
        {
            int x = 2 * gap + i % columns * (cell + 2 * gap), y = 2 * gap + i / columns * (size + 2 * gap);
            Draw(pairs[i].Lr, scale, sheet, x, y);
            Draw(pairs[i].Hr, 1, sheet, x + size + gap, y);
        }
        return sheet;
    }

    private static void Draw(Picture picture, int scale, Picture sheet, int left, int top)
    {
        int channels = picture.Channels;
        for (int y = 0; y < picture.Height * scale; y++)
        {
            var from = picture.Row(y / scale);
            var to = sheet.Row(top + y)[(left * channels)..];
            for (int x = 0; x < picture.Width * scale; x++)
                from.Slice(x / scale * channels, channels).CopyTo(to[(x * channels)..]);
        }
    }
}
