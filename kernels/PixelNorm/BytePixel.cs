namespace EdsrIlgpu.Kernels;

/// <summary>8 bits.</summary>
internal readonly struct BytePixel : IPixel<byte>
{
    public static float Max => byte.MaxValue;

    public static float ToSingle(byte value) => value;

    public static byte Truncate(float value) => (byte)(int)value;
}
