using ILGPU;
using ILGPU.Runtime;

namespace EdsrIlgpu.Kernels;

public static partial class DegradationKernels
{
    /// <summary>x[n] = the patch of <c>cuts[n]</c>, made worse, turned, as value · gain + offset[c]. 8-bit samples.</summary>
    /// <param name="device">The accelerator.</param>
    /// <param name="stream">One of its streams.</param>
    /// <param name="samples">The pictures that the cuts lie in.</param>
    /// <param name="cuts">One for each of x's pictures; all of them inside their pictures.</param>
    /// <param name="table">A <see cref="DegradationTable"/> of so many patches.</param>
    /// <param name="noise">What the noise follows from.</param>
    /// <param name="affine">Gain and offsets of the way in, for values of 0–255.</param>
    /// <param name="x">[N, P, P, C], every row stored; 1 or 3 channels, those of the pictures.</param>
    /// <exception cref="ArgumentException">x is no map of such patches, or the table is too short.</exception>
    public static void Cut(AcceleratorDevice device, AcceleratorStream stream, ArrayView<byte> samples, ArrayView<PatchCut> cuts, ArrayView<float> table, NoiseKey noise, PixelAffine affine, in DeviceMap<float> x) =>
        Cut<byte, BytePixel>(device, stream, samples, cuts, table, noise, affine, x);

    /// <inheritdoc cref="Cut(AcceleratorDevice, AcceleratorStream, ArrayView{byte}, ArrayView{PatchCut}, ArrayView{float}, NoiseKey, PixelAffine, in DeviceMap{float})"/>
    /// <summary>x[n] = the patch of <c>cuts[n]</c>, made worse, turned, as value · gain + offset[c]. 16-bit samples.</summary>
    public static void Cut(AcceleratorDevice device, AcceleratorStream stream, ArrayView<ushort> samples, ArrayView<PatchCut> cuts, ArrayView<float> table, NoiseKey noise, PixelAffine affine, in DeviceMap<float> x) =>
        Cut<ushort, UInt16Pixel>(device, stream, samples, cuts, table, noise, affine, x);

    private static void Cut<T, TPixel>(AcceleratorDevice device, AcceleratorStream stream, ArrayView<T> samples, ArrayView<PatchCut> cuts, ArrayView<float> table, NoiseKey noise, PixelAffine affine, in DeviceMap<float> x)
        where T : unmanaged
        where TPixel : struct, IPixel<T>
    {
        CheckPatches(x.Shape, cuts.Length, table.Length);
        var arguments = new Arguments(x.Shape, noise, affine);
        CutKernel<T, TPixel>.Definition.Launch(device, stream, checked(x.Shape.N * arguments.BlocksPerSide * arguments.BlocksPerSide), samples, cuts, table, x.View, arguments);
    }

    internal readonly struct Arguments(MapShape x, NoiseKey noise, PixelAffine affine)
    {
        public readonly MapLayout X = new(x, 1);
        public readonly NoiseKey Noise = noise;
        public readonly PixelAffine Affine = affine;
        public readonly int Size = x.H, BlocksPerSide = (x.H + DegradationTable.Block - 1) / DegradationTable.Block;
    }

    /// <summary>
    /// One block of JPEG's a group, one pixel a thread: it blurs its pixel in two dimensions at once and adds noise; then the group
    /// transforms the block in shared memory, 1.5 KB. Pixels beyond the patch stand for its edge and are not stored. Any shape.
    /// </summary>
    internal static class CutKernel<T, TPixel> where T : unmanaged where TPixel : struct, IPixel<T>
    {
        private const int Block = DegradationTable.Block, BlockPixels = DegradationTable.BlockPixels;

        public static readonly AcceleratorKernel<T, PatchCut, float, float, Arguments> Definition = new(Run, BlockPixels);

        private static void Run(ArrayView<T> samples, ArrayView<PatchCut> cuts, ArrayView<float> table, ArrayView<float> x, Arguments arguments)
        {
            var block = SharedMemory.Allocate<float>(3 * BlockPixels);
            var between = SharedMemory.Allocate<float>(3 * BlockPixels);
            int size = arguments.Size, channels = arguments.X.Pixel, side = arguments.BlocksPerSide;
            int n = Grid.IdxX / (side * side), place = Grid.IdxX - n * side * side, thread = Group.IdxX;
            int row = place / side * Block + thread / Block, column = (place - place / side * side) * Block + (thread - thread / Block * Block);
            bool isInside = row < size && column < size;
            row = row < size ? row : size - 1;
            column = column < size ? column : size - 1;
            var cut = cuts[n];
            int part = DegradationTable.Patches + n * DegradationTable.Stride;
            float levels = TPixel.Max / byte.MaxValue, tableScale = table[part + DegradationTable.TableScale];

            float v0 = Worsened(samples, cut, table, part, arguments, n, row, column, 0), v1 = 0, v2 = 0;
            if (channels == 3)
            {
                v1 = Worsened(samples, cut, table, part, arguments, n, row, column, 1);
                v2 = Worsened(samples, cut, table, part, arguments, n, row, column, 2);
            }

            // A group whose patch is not compressed goes along, for its barriers.
            block[thread] = channels == 3 ? ToYcc(v0, v1, v2, 0) : Component(v0 - 128);
            block[BlockPixels + thread] = ToYcc(v0, v1, v2, 1);
            block[2 * BlockPixels + thread] = ToYcc(v0, v1, v2, 2);
            Group.Barrier();
            Transform(block, between, table, Block, 1);
            Group.Barrier();
            Transform(between, block, table, Block, 1);
            for (int c = 0; c < 3; c++)
            {
                // A thread quantises what it has just written.
                float quantum = DegradationTable.Quantum(table[DegradationTable.Quantisation + (c == 0 ? 0 : BlockPixels) + thread], tableScale);
                block[c * BlockPixels + thread] = Quantise(block[c * BlockPixels + thread], quantum);
            }
            Group.Barrier();
            Transform(block, between, table, 1, Block);
            Group.Barrier();
            Transform(between, block, table, 1, Block);
            if (tableScale > 0)
            {
                float y = Component(block[thread]), cb = Component(block[BlockPixels + thread]), cr = Component(block[2 * BlockPixels + thread]);
                v0 = Round(channels == 3 ? ToRgb(y, cb, cr, 0) : y + 128, levels);
                v1 = Round(ToRgb(y, cb, cr, 1), levels);
                v2 = Round(ToRgb(y, cb, cr, 2), levels);
            }

            if (!isInside)
                return;
            cut.TurnForth(ref row, ref column, size);
            long to = arguments.X.Border(n, row) + (column + 1) * channels;
            x[to] = v0 * arguments.Affine.Gain + arguments.Affine.Offset0;
            if (channels == 3)
            {
                x[to + 1] = v1 * arguments.Affine.Gain + arguments.Affine.Offset1;
                x[to + 2] = v2 * arguments.Affine.Gain + arguments.Affine.Offset2;
            }
        }

        /// <summary>A pixel's channel, blurred, noisy, and rounded.</summary>
        private static float Worsened(ArrayView<T> samples, PatchCut cut, ArrayView<float> table, int part, Arguments arguments, int n, int row, int column, int channel)
        {
            int size = arguments.Size, channels = arguments.X.Pixel, radius = (int)table[part + DegradationTable.Radius], weights = part + DegradationTable.Weights;
            float levels = TPixel.Max / byte.MaxValue, noise = table[part + DegradationTable.Noise];
            float value = table[weights] * AlongRow(samples, cut, table, weights, radius, size, channels, row, column, channel);
            for (int d = 1; d <= radius; d++)
                value += table[weights + d] * (AlongRow(samples, cut, table, weights, radius, size, channels, row - d > 0 ? row - d : 0, column, channel)
                    + AlongRow(samples, cut, table, weights, radius, size, channels, row + d < size ? row + d : size - 1, column, channel));
            value /= levels;
            if (noise > 0)
                value += noise * arguments.Noise.Sample((uint)(((n * size + row) * size + column) * channels + channel));
            return Round(value, levels);
        }

        private static float AlongRow(ArrayView<T> samples, PatchCut cut, ArrayView<float> table, int weights, int radius, int size, int channels, int row, int column, int channel)
        {
            long line = cut.Sample(row, 0, channels) + channel;
            float sum = table[weights] * TPixel.ToSingle(samples[line + column * channels]);
            for (int d = 1; d <= radius; d++)
                sum += table[weights + d] * (TPixel.ToSingle(samples[line + (column - d > 0 ? column - d : 0) * channels])
                    + TPixel.ToSingle(samples[line + (column + d < size ? column + d : size - 1) * channels]));
            return sum;
        }

        /// <summary>to[j, u] = Σ from[x, j] · matrix[u, x] of each channel, or with the matrix transposed: along columns, and the block transposed.</summary>
        private static void Transform(ArrayView<float> from, ArrayView<float> to, ArrayView<float> table, int rowStep, int columnStep)
        {
            int j = Group.IdxX / Block, u = Group.IdxX - j * Block;
            for (int c = 0; c < 3; c++)
            {
                float sum = 0;
                for (int x = 0; x < Block; x++)
                    sum += from[c * BlockPixels + x * Block + j] * table[u * rowStep + x * columnStep];
                to[c * BlockPixels + Group.IdxX] = sum;
            }
        }
    }
}
