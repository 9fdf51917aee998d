namespace EdsrIlgpu.Kernels;

/// <summary>What a kernel of the forward convolution is told beside its views.</summary>
internal struct Conv2dArguments
{
    /// <summary>The input.</summary>
    public MapLayout X;

    /// <summary>The residual.</summary>
    public Conv2dOutput Residual;

    /// <summary>The output.</summary>
    public Conv2dOutput Y;

    /// <summary>Input rows below this one are not read; zeros stand for them.</summary>
    public int InputBegin;

    /// <summary>Input rows from this one on are not read; zeros stand for them.</summary>
    public int InputEnd;

    /// <summary>First output row, of the input's grid.</summary>
    public int Y0;

    /// <summary>Row after the last.</summary>
    public int Y1;

    /// <summary>Width of the input in pixels.</summary>
    public int Width;

    /// <summary>Units of output channels.</summary>
    public int K;

    /// <summary>How the direct variants share out strips.</summary>
    public RowGrid Strips;

    /// <summary>Tiles or strips along the output channels.</summary>
    public int TilesK;

    /// <summary>Tiles side by side.</summary>
    public int TilesX;

    /// <summary>Tiles one below the other.</summary>
    public int TilesY;

    /// <summary>Slices of the input channels.</summary>
    public int Slices;

    /// <summary>Factor before the residual is added.</summary>
    public float Scale;
}
