using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class PixelNormKernels
{
    /// <summary>x = pixel · gain + offset[c] on rows [y0, y1), of 8-bit pixels.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="pixels">[N, H, W, C], dense.</param>
    /// <param name="affine">Gain and offsets of the way in.</param>
    /// <param name="x">The map; at most four channels.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">Too many channels, too few pixels, or the range is none of the map's.</exception>
    public static void Load(AcceleratorDevice device, AcceleratorStream stream, ArrayView<byte> pixels, PixelAffine affine, in DeviceMap<float> x, int y0, int y1) =>
        Load<byte, BytePixel>(device, stream, pixels, affine, x, y0, y1);

    /// <inheritdoc cref="Load(AcceleratorDevice, AcceleratorStream, ArrayView{byte}, PixelAffine, in DeviceMap{float}, int, int)"/>
    /// <summary>x = pixel · gain + offset[c] on rows [y0, y1), of 16-bit pixels.</summary>
    public static void Load(AcceleratorDevice device, AcceleratorStream stream, ArrayView<ushort> pixels, PixelAffine affine, in DeviceMap<float> x, int y0, int y1) =>
        Load<ushort, UInt16Pixel>(device, stream, pixels, affine, x, y0, y1);

    /// <summary>
    /// pixel = (y + offset[c]) · gain on rows [y0, y1), clamped to the type's range and rounded, halves up; NaN becomes 0. 8 bits.
    /// </summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="y">The map; at most four channels.</param>
    /// <param name="affine">Gain and offsets of the way out.</param>
    /// <param name="pixels">[N, H, W, C], dense.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">Too many channels, too few pixels, or the range is none of the map's.</exception>
    public static void Store(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> y, PixelAffine affine, ArrayView<byte> pixels, int y0, int y1) =>
        Store<byte, BytePixel>(device, stream, y, affine, pixels, y0, y1);

    /// <inheritdoc cref="Store(AcceleratorDevice, AcceleratorStream, in DeviceMap{float}, PixelAffine, ArrayView{byte}, int, int)"/>
    /// <summary>
    /// pixel = (y + offset[c]) · gain on rows [y0, y1), clamped to the type's range and rounded, halves up; NaN becomes 0. 16 bits.
    /// </summary>
    public static void Store(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> y, PixelAffine affine, ArrayView<ushort> pixels, int y0, int y1) =>
        Store<ushort, UInt16Pixel>(device, stream, y, affine, pixels, y0, y1);

    private static void Load<T, TPixel>(AcceleratorDevice device, AcceleratorStream stream, ArrayView<T> pixels, PixelAffine affine, in DeviceMap<float> x, int y0, int y1)
        where T : unmanaged
        where TPixel : struct, IPixel<T>
    {
        CheckChannels(x.Shape);
        MapCheck.Rows(y0, y1, x.Shape.H);
        MapCheck.Dense(pixels.Length, x.Shape);
        var arguments = new Arguments(x.Shape, affine, y0, y1);
        LoadKernel<T, TPixel>.Definition.Launch(device, stream, arguments.Rows.Groups(x.Shape.N), pixels, x.View, arguments);
    }

    private static void Store<T, TPixel>(AcceleratorDevice device, AcceleratorStream stream, in DeviceMap<float> y, PixelAffine affine, ArrayView<T> pixels, int y0, int y1)
        where T : unmanaged
        where TPixel : struct, IPixel<T>
    {
        CheckChannels(y.Shape);
        MapCheck.Rows(y0, y1, y.Shape.H);
        MapCheck.Dense(pixels.Length, y.Shape);
        var arguments = new Arguments(y.Shape, affine, y0, y1);
        StoreKernel<T, TPixel>.Definition.Launch(device, stream, arguments.Rows.Groups(y.Shape.N), y.View, pixels, arguments);
    }

    internal readonly struct Arguments(MapShape map, PixelAffine affine, int y0, int y1)
    {
        public readonly RowGrid Rows = new(y0, y1, map.W * map.C);
        public readonly DenseLayout Pixels = new(map);
        public readonly MapLayout Map = new(map, 1);
        public readonly PixelAffine Affine = affine;

        /// <summary>The offset of the channel to which a unit of a row belongs.</summary>
        public float Offset(int unit) => Affine.Offset(unit - unit / Map.Pixel * Map.Pixel);
    }

    /// <summary>One channel of a pixel a thread. No shared memory; any shape.</summary>
    internal static class LoadKernel<T, TPixel> where T : unmanaged where TPixel : struct, IPixel<T>
    {
        public static readonly AcceleratorKernel<T, float, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> pixels, ArrayView<float> x, Arguments arguments)
        {
            if (arguments.Rows.Find(out int n, out int row, out int unit))
                x[arguments.Map.Border(n, row) + arguments.Map.Pixel + unit] =
                    TPixel.ToSingle(pixels[arguments.Pixels.Row(n, row) + unit]) * arguments.Affine.Gain + arguments.Offset(unit);
        }
    }

    /// <summary>One channel of a pixel a thread. No shared memory; any shape.</summary>
    internal static class StoreKernel<T, TPixel> where T : unmanaged where TPixel : struct, IPixel<T>
    {
        public static readonly AcceleratorKernel<float, T, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<float> y, ArrayView<T> pixels, Arguments arguments)
        {
            if (!arguments.Rows.Find(out int n, out int row, out int unit))
                return;
            float value = (y[arguments.Map.Border(n, row) + arguments.Map.Pixel + unit] + arguments.Offset(unit)) * arguments.Affine.Gain;
            float clamped = value > 0 ? value < TPixel.Max ? value : TPixel.Max : 0;
            pixels[arguments.Pixels.Row(n, row) + unit] = TPixel.Truncate(clamped + 0.5f);
        }
    }
}
