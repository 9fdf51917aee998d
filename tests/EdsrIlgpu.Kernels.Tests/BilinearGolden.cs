namespace EdsrIlgpu.Kernels.Tests;

/// <summary>What Pillow 9.4.0 makes of a picture of 12 × 12 pixels, RGB, by Image.resize(…, Image.BILINEAR).</summary>
internal static class BilinearGolden
{
    public const int Size = 12;

    public static byte[] Picture { get; } =
        [.. Enumerable.Range(0, Size * Size * 3).Select(i => (byte)(i % 5 != 0 ? (i * i * 7 + i * 13) % 251 : i / 5 % 2 * 255))];

    public static (int Scale, byte[] Result)[] Results { get; } =
    [
        (2, Convert.FromHexString("4a4559917355987e596e9f6f7f9b9b704f8a8b7f607c8e5053848462609ba865979f7c7a6895808c83887e6b707f63697c8562668e9e8b6175b076837088656a798f743fa26d51395977777d78987560888f718993868e819c837b5487a440ab98585755968162b9867aa8d5")),
        (3, Convert.FromHexString("735d54808559708f8c8b69867d8e80757976845d7a7a88858e6e7a788375806b9c775e64785f9b9257796f8d8073b1a9")),
        (4, Convert.FromHexString("78775c747f798a778c877d7d78717b77697a81648b7e737f7a9795")),
        (6, Convert.FromHexString("7b7b6d7e7484816c837a7e86")),
        (12, Convert.FromHexString("7c767d")),
    ];
}
