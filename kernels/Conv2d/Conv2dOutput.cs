namespace EdsrIlgpu.Kernels;

/// <summary>
/// Where the sums of a pixel go. Without PixelShuffle the K channels are one run of the pixel's row. With it they are r runs of
/// r·C channels, one in each of the pixel's r output rows; so a shuffle is an address, found once for each channel, and no pass.
/// </summary>
internal readonly struct Conv2dOutput
{
    private readonly MapLayout map;
    private readonly int shuffle;

    /// <summary>Units from one pixel's run to the next pixel's: K/r.</summary>
    public readonly int Run;

    /// <param name="map">The output, or a residual of its shape.</param>
    /// <param name="shuffle">PixelShuffle's r, 1 for none.</param>
    public Conv2dOutput(MapLayout map, int shuffle)
    {
        this.map = map;
        this.shuffle = shuffle;
        Run = map.Pixel * shuffle;
    }

    /// <summary>Offset of unit <paramref name="k"/> of the channels of pixel (n, y, 0) of the convolution's grid.</summary>
    public long At(int n, int y, int k)
    {
        int i = k / Run;
        return map.Border(n, y * shuffle + i) + map.Pixel + (k - i * Run);
    }
}
