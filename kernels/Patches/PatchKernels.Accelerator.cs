using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class PatchKernels
{
    /// <summary>x[n] = the patch of <c>cuts[n]</c>, turned, as value · gain + offset[c], where value runs from 0 to 255. 8-bit samples.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="samples">The pictures that the cuts lie in.</param>
    /// <param name="cuts">One for each of x's pictures; all of them inside their pictures.</param>
    /// <param name="affine">Gain and offsets of the way in, for values of 0–255.</param>
    /// <param name="x">[N, P, P, C], every row stored; at most four channels, those of the pictures.</param>
    /// <exception cref="ArgumentException">x is no map of square patches, one for each cut.</exception>
    public static void Cut(AcceleratorDevice device, AcceleratorStream stream, ArrayView<byte> samples, ArrayView<PatchCut> cuts, PixelAffine affine, in DeviceMap<float> x) =>
        Cut<byte, BytePixel>(device, stream, samples, cuts, affine, x);

    /// <inheritdoc cref="Cut(AcceleratorDevice, AcceleratorStream, ArrayView{byte}, ArrayView{PatchCut}, PixelAffine, in DeviceMap{float})"/>
    /// <summary>x[n] = the patch of <c>cuts[n]</c>, turned, as value · gain + offset[c], where value runs from 0 to 255. 16-bit samples.</summary>
    public static void Cut(AcceleratorDevice device, AcceleratorStream stream, ArrayView<ushort> samples, ArrayView<PatchCut> cuts, PixelAffine affine, in DeviceMap<float> x) =>
        Cut<ushort, UInt16Pixel>(device, stream, samples, cuts, affine, x);

    private static void Cut<T, TPixel>(AcceleratorDevice device, AcceleratorStream stream, ArrayView<T> samples, ArrayView<PatchCut> cuts, PixelAffine affine, in DeviceMap<float> x)
        where T : unmanaged
        where TPixel : struct, IPixel<T>
    {
        CheckPatches(x.Shape, cuts.Length);
        var arguments = new Arguments(x.Shape, affine.ForSamplesTo(TPixel.Max));
        CutKernel<T, TPixel>.Definition.Launch(device, stream, arguments.Rows.Groups(x.Shape.N), samples, cuts, x.View, arguments);
    }

    internal readonly struct Arguments(MapShape x, PixelAffine affine)
    {
        public readonly RowGrid Rows = new(0, x.H, x.W * x.C);
        public readonly MapLayout X = new(x, 1);
        public readonly PixelAffine Affine = affine;
        public readonly int Size = x.H;
    }

    /// <summary>One channel of a pixel of x a thread. No shared memory; any shape.</summary>
    internal static class CutKernel<T, TPixel> where T : unmanaged where TPixel : struct, IPixel<T>
    {
        public static readonly AcceleratorKernel<T, PatchCut, float, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> samples, ArrayView<PatchCut> cuts, ArrayView<float> x, Arguments arguments)
        {
            if (!arguments.Rows.Find(out int n, out int row, out int unit))
                return;
            int channels = arguments.X.Pixel, column = unit / channels, channel = unit - column * channels;
            long to = arguments.X.Border(n, row) + channels + unit;
            var cut = cuts[n];
            cut.TurnBack(ref row, ref column, arguments.Size);
            x[to] = TPixel.ToSingle(samples[cut.Sample(row, column, channels) + channel]) * arguments.Affine.Gain + arguments.Affine.Offset(channel);
        }
    }
}
