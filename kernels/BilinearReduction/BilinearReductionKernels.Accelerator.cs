using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class BilinearReductionKernels
{
    /// <summary>y[n] = the patch of <c>cuts[n]</c> at 1/scale of its size, as it lies in its picture: not turned. 8-bit samples.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="samples">The pictures that the cuts lie in.</param>
    /// <param name="cuts">Patches of taps.Size · taps.Scale pixels along a side, inside their pictures.</param>
    /// <param name="taps">Size and scale.</param>
    /// <param name="table"><see cref="BilinearTaps.Table"/> in the accelerator's memory.</param>
    /// <param name="channels">Samples of a pixel, C.</param>
    /// <param name="y">[N, taps.Size, taps.Size, C], dense.</param>
    /// <exception cref="ArgumentException">The table or y is too short.</exception>
    public static void Forward(AcceleratorDevice device, AcceleratorStream stream, ArrayView<byte> samples, ArrayView<PatchCut> cuts, BilinearTaps taps, ArrayView<int> table, int channels, ArrayView<byte> y) =>
        Forward<byte, BytePixel>(device, stream, samples, cuts, taps, table, channels, y);

    /// <inheritdoc cref="Forward(AcceleratorDevice, AcceleratorStream, ArrayView{byte}, ArrayView{PatchCut}, BilinearTaps, ArrayView{int}, int, ArrayView{byte})"/>
    /// <summary>y[n] = the patch of <c>cuts[n]</c> at 1/scale of its size, as it lies in its picture: not turned. 16-bit samples.</summary>
    public static void Forward(AcceleratorDevice device, AcceleratorStream stream, ArrayView<ushort> samples, ArrayView<PatchCut> cuts, BilinearTaps taps, ArrayView<int> table, int channels, ArrayView<ushort> y) =>
        Forward<ushort, UInt16Pixel>(device, stream, samples, cuts, taps, table, channels, y);

    private static void Forward<T, TPixel>(AcceleratorDevice device, AcceleratorStream stream, ArrayView<T> samples, ArrayView<PatchCut> cuts, BilinearTaps taps, ArrayView<int> table, int channels, ArrayView<T> y)
        where T : unmanaged
        where TPixel : struct, IPixel<T>
    {
        var shape = new MapShape((int)cuts.Length, taps.Size, taps.Size, channels);
        MapCheck.Dense(y.Length, shape);
        if (table.Length < taps.Table.Length)
            throw new ArgumentException($"The table has {taps.Table.Length} numbers, not {table.Length}.", nameof(table));
        var arguments = new Arguments(shape, taps.Count);
        Kernel<T, TPixel>.Definition.Launch(device, stream, arguments.Rows.Groups(shape.N), samples, cuts, table, y, arguments);
    }

    internal readonly struct Arguments(MapShape y, int count)
    {
        public readonly RowGrid Rows = new(0, y.H, y.W * y.C);
        public readonly DenseLayout Y = new(y);
        public readonly int Count = count, Channels = y.C;
    }

    /// <summary>One sample of y a thread: each sums along the rows it needs anew, which is cheaper than a second pass. No shared memory; any shape.</summary>
    internal static class Kernel<T, TPixel> where T : unmanaged where TPixel : struct, IPixel<T>
    {
        private const long Half = 1L << (BilinearTaps.FractionBits - 1);

        public static readonly AcceleratorKernel<T, PatchCut, int, T, Arguments> Definition = new(Run, RowGrid.GroupSize);

        private static void Run(ArrayView<T> samples, ArrayView<PatchCut> cuts, ArrayView<int> table, ArrayView<T> y, Arguments arguments)
        {
            if (!arguments.Rows.Find(out int n, out int row, out int unit))
                return;
            int channels = arguments.Channels, count = arguments.Count, column = unit / channels, channel = unit - column * channels;
            int rowTaps = row * (count + 1), columnTaps = column * (count + 1);
            var cut = cuts[n];
            long from = cut.Sample(table[rowTaps], table[columnTaps], channels) + channel;
            long sum = Half;
            for (int i = 0; i < count; i++)
            {
                long along = Half;
                for (int j = 0; j < count; j++)
                    along += (long)table[columnTaps + 1 + j] * (int)TPixel.ToSingle(samples[from + j * channels]);
                sum += table[rowTaps + 1 + i] * (along >> BilinearTaps.FractionBits);
                from += cut.Pitch;
            }
            y[arguments.Y.Row(n, row) + unit] = TPixel.Truncate((int)(sum >> BilinearTaps.FractionBits));
        }
    }
}
