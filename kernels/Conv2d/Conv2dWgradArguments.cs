namespace EdsrIlgpu.Kernels;

/// <summary>What a kernel of the weights' gradient is told beside its views.</summary>
internal struct Conv2dWgradArguments
{
    /// <summary>The input.</summary>
    public MapLayout X;

    /// <summary>The output's gradient.</summary>
    public MapLayout Dy;

    /// <summary>Height in pixels.</summary>
    public int Height;

    /// <summary>Width in pixels.</summary>
    public int Width;

    /// <summary>Input channels.</summary>
    public int C;

    /// <summary>Output channels.</summary>
    public int K;

    /// <summary>Groups along the input channels.</summary>
    public int TilesC;

    /// <summary>Groups along the output channels.</summary>
    public int TilesK;

    /// <summary>Pixel tiles side by side.</summary>
    public int TilesX;

    /// <summary>Pixel tiles one below the other.</summary>
    public int TilesY;

    /// <summary>Pixel tiles, or rows, of the whole batch.</summary>
    public int Tiles;

    /// <summary>Parts into which they are split; each has sums of its own.</summary>
    public int Splits;

    /// <summary>Floats from one part's sums to the next part's.</summary>
    public long SplitLength;
}
