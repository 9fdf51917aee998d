namespace EdsrIlgpu.Kernels;

/// <summary>
/// What one group of <see cref="Conv2dFpropImplicitGemm{TTile}"/> computes, as a type parameter, so that a kernel is compiled for it. A thread computes
/// 8 pixels × 8 channels, so Rows · Columns · Channels / 64 = 128 threads; all are powers of two.
/// </summary>
internal interface IConv2dTile
{
    /// <summary>Output rows.</summary>
    static abstract int Rows { get; }

    /// <summary>Output columns, a multiple of 8.</summary>
    static abstract int Columns { get; }

    /// <summary>Output channels, a multiple of 8.</summary>
    static abstract int Channels { get; }
}

/// <summary>8×16 pixels × 64 channels.</summary>
internal readonly struct Tile8x16x64 : IConv2dTile
{
    public static int Rows => 8;

    public static int Columns => 16;

    public static int Channels => 64;
}

/// <summary>16×16 pixels × 32 channels, for narrow networks.</summary>
internal readonly struct Tile16x16x32 : IConv2dTile
{
    public static int Rows => 16;

    public static int Columns => 16;

    public static int Channels => 32;
}

/// <summary>16×32 pixels × 16 channels, for very narrow ones.</summary>
internal readonly struct Tile16x32x16 : IConv2dTile
{
    public static int Rows => 16;

    public static int Columns => 32;

    public static int Channels => 16;
}
