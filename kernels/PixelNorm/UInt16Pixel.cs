namespace EdsrIlgpu.Kernels;

/// <summary>16 bits.</summary>
internal readonly struct UInt16Pixel : IPixel<ushort>
{
    public static float Max => ushort.MaxValue;

    public static float ToSingle(ushort value) => value;

    public static ushort Truncate(float value) => (ushort)(int)value;
}
