using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Patches cut as <see cref="PatchKernels"/> cuts them, but made worse before they are turned: blurred (what lies beyond the patch is
/// its edge), made noisy, rounded to whole samples, compressed as JPEG does it without halving the chroma (YCbCr in blocks of 8 × 8
/// from the patch's corner, quantised cosine transform; no entropy coding, which loses nothing), and rounded again.
/// </summary>
public static unsafe partial class DegradationKernels
{
    /// <summary>x[n] = the patch of <c>cuts[n]</c>, made worse, turned, as value · gain + offset[c].</summary>
    /// <typeparam name="T">byte or ushort.</typeparam>
    /// <param name="device">The host.</param>
    /// <param name="samples">The pictures that the cuts lie in.</param>
    /// <param name="cuts">One for each of x's pictures; all of them inside their pictures.</param>
    /// <param name="table">A <see cref="DegradationTable"/> of so many patches.</param>
    /// <param name="noise">What the noise follows from.</param>
    /// <param name="workspace"><see cref="WorkspaceElements"/> floats.</param>
    /// <param name="affine">Gain and offsets of the way in, for values of 0–255.</param>
    /// <param name="x">[N, P, P, C], every row stored; 1 or 3 channels, those of the pictures.</param>
    /// <exception cref="ArgumentException">x is no map of such patches, or the table or workspace is too short.</exception>
    public static void Cut<T>(HostDevice device, T* samples, ReadOnlySpan<PatchCut> cuts, ReadOnlySpan<float> table, NoiseKey noise, Span<float> workspace, PixelAffine affine, in HostMap<float> x)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        CheckPatches(x.Shape, cuts.Length, table.Length);
        if (workspace.Length < WorkspaceElements(x.Shape))
            throw new ArgumentException($"The workspace has {WorkspaceElements(x.Shape)} floats, not {workspace.Length}.", nameof(workspace));
        fixed (PatchCut* first = cuts)
        fixed (float* constants = table, work = workspace)
        {
            var patches = new DegradePatches<T> { Samples = samples, Cuts = first, Table = constants, Noise = noise, Workspace = work, Affine = affine, X = x };
            device.Pool.Run(patches, x.Shape.N);
        }
    }

    /// <summary>Floats that the host works in.</summary>
    public static int WorkspaceElements(MapShape x) => checked(x.N * 2 * x.H * x.W * x.C);

    // Sums of whole samples are often eighths, and halves among them; this many of a level count as a half, too, so that how a device
    // rounds a sum does not decide where it goes.
    private const float Tie = 1f / 1024;

    private static void CheckPatches(MapShape x, long cuts, long table)
    {
        PatchKernels.CheckPatches(x, cuts);
        if (x.C is not (1 or 3))
            throw new ArgumentException($"Patches of 1 or 3 channels are made worse, not of {x.C}.");
        if ((long)x.N * x.H * x.W * x.C > uint.MaxValue)
            throw new ArgumentException($"Samples of noise are counted in 32 bits; {x} has more.");
        if (table < DegradationTable.Length(x.N))
            throw new ArgumentException($"The table has {DegradationTable.Length(x.N)} numbers, not {table}.");
    }

    /// <summary>Luma, or the shifted chroma, of a colour: channel 0 to 2 of JFIF's YCbCr, rounded as codecs round it, minus 128.</summary>
    internal static float ToYcc(float r, float g, float b, int channel) => Component(
        channel == 0 ? 0.299f * r + 0.587f * g + 0.114f * b - 128
        : channel == 1 ? -0.168735892f * r - 0.331264108f * g + 0.5f * b
        : 0.5f * r - 0.418687589f * g - 0.081312411f * b);

    /// <summary>The nearest value that a component of 8 bits, minus 128, can have; halves go up.</summary>
    internal static float Component(float value) => (int)((value > -128 ? value < 127 ? value : 127 : -128) + 128.5f + Tie) - 128;

    /// <summary>Red, green or blue of a colour of JFIF's YCbCr, each minus 128.</summary>
    internal static float ToRgb(float y, float cb, float cr, int channel) =>
        y + 128 + (channel == 0 ? 1.402f * cr : channel == 1 ? -0.344136286f * cb - 0.714136286f * cr : 1.772f * cb);

    /// <summary>The nearest multiple of a quantum; halves go away from 0.</summary>
    internal static float Quantise(float coefficient, float quantum)
    {
        float multiple = (int)(((coefficient < 0 ? -coefficient : coefficient) + Tie) / quantum + 0.5f) * quantum;
        return coefficient < 0 ? -multiple : multiple;
    }

    /// <summary>The nearest value of 0–255 that a sample can have.</summary>
    /// <param name="value">A value of 0–255, or beyond.</param>
    /// <param name="levels">Steps from one value of 0–255 to the next: 1 for bytes, 257 for 16 bits.</param>
    internal static float Round(float value, float levels)
    {
        float clamped = value > 0 ? value < byte.MaxValue ? value : byte.MaxValue : 0;
        return (int)(clamped * levels + 0.5f) / levels;
    }

    private struct DegradePatches<T> : IWork where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        private const int Block = DegradationTable.Block, BlockPixels = DegradationTable.BlockPixels;

        public T* Samples;
        public PatchCut* Cuts;
        public float* Table, Workspace;
        public NoiseKey Noise;
        public PixelAffine Affine;
        public HostMap<float> X;

        public readonly void Run(int n)
        {
            int size = X.Shape.H, channels = X.Shape.C, length = size * size * channels;
            float levels = float.CreateTruncating(T.MaxValue) / byte.MaxValue;
            float* patch = Workspace + 2L * n * length, between = patch + length;
            float* part = Table + DegradationTable.Patches + n * DegradationTable.Stride;
            var cut = Cuts[n];
            for (int row = 0; row < size; row++)
            {
                T* from = Samples + cut.Sample(row, 0, channels);
                for (int i = 0; i < size * channels; i++)
                    patch[row * size * channels + i] = float.CreateTruncating(from[i]) / levels;
            }
            int radius = (int)part[DegradationTable.Radius];
            if (radius > 0)
            {
                Blur(patch, between, size, channels, size * channels, channels, radius, part + DegradationTable.Weights);
                Blur(between, patch, size, size * channels, channels, channels, radius, part + DegradationTable.Weights);
            }
            float noise = part[DegradationTable.Noise];
            for (int i = 0; i < length; i++)
                patch[i] = Round(noise > 0 ? patch[i] + noise * Noise.Sample((uint)((long)n * length + i)) : patch[i], levels);
            if (part[DegradationTable.TableScale] > 0)
                for (int y = 0; y < size; y += Block)
                    for (int x = 0; x < size; x += Block)
                        Compress(patch, size, channels, y, x, part[DegradationTable.TableScale], levels);
            for (int row = 0; row < size; row++)
                for (int column = 0; column < size; column++)
                {
                    int turnedRow = row, turnedColumn = column;
                    cut.TurnForth(ref turnedRow, ref turnedColumn, size);
                    float* to = X.Row(n, turnedRow) + turnedColumn * channels;
                    for (int c = 0; c < channels; c++)
                        to[c] = patch[(row * size + column) * channels + c] * Affine.Gain + Affine.Offset(c);
                }
        }

        /// <summary>Blurs along one axis.</summary>
        private static void Blur(float* from, float* to, int size, int step, int lineStep, int channels, int radius, float* weights)
        {
            for (int line = 0; line < size; line++)
                for (int i = 0; i < size; i++)
                    for (int c = 0; c < channels; c++)
                    {
                        float* samples = from + line * lineStep + c;
                        float sum = weights[0] * samples[i * step];
                        for (int d = 1; d <= radius; d++)
                            sum += weights[d] * (samples[Math.Max(i - d, 0) * step] + samples[Math.Min(i + d, size - 1) * step]);
                        to[line * lineStep + i * step + c] = sum;
                    }
        }

        /// <summary>Takes one block to quantised coefficients and back. Beyond the patch it is filled up with the patch's edge.</summary>
        private readonly void Compress(float* patch, int size, int channels, int y, int x, float tableScale, float levels)
        {
            float* block = stackalloc float[3 * BlockPixels];
            float* between = stackalloc float[BlockPixels];
            for (int i = 0; i < BlockPixels; i++)
            {
                float* pixel = patch + (Math.Min(y + i / Block, size - 1) * size + Math.Min(x + i % Block, size - 1)) * channels;
                for (int c = 0; c < channels; c++)
                    block[c * BlockPixels + i] = channels == 1 ? Component(pixel[0] - 128) : ToYcc(pixel[0], pixel[1], pixel[2], c);
            }
            for (int c = 0; c < channels; c++)
            {
                float* plane = block + c * BlockPixels;
                float* quanta = Table + DegradationTable.Quantisation + (c == 0 ? 0 : BlockPixels);
                Transform(plane, between, Block, 1);
                Transform(between, plane, Block, 1);
                for (int i = 0; i < BlockPixels; i++)
                    plane[i] = Quantise(plane[i], DegradationTable.Quantum(quanta[i], tableScale));
                Transform(plane, between, 1, Block);
                Transform(between, plane, 1, Block);
                for (int i = 0; i < BlockPixels; i++)
                    plane[i] = Component(plane[i]);
            }
            for (int i = 0; i < BlockPixels; i++)
            {
                int row = y + i / Block, column = x + i % Block;
                if (row >= size || column >= size)
                    continue;
                float* pixel = patch + (row * size + column) * channels;
                for (int c = 0; c < channels; c++)
                    pixel[c] = Round(channels == 1 ? block[i] + 128 : ToRgb(block[i], block[BlockPixels + i], block[2 * BlockPixels + i], c), levels);
            }
        }

        /// <summary>to[j, u] = Σ from[x, j] · matrix[u, x], or with the matrix transposed: along columns, and the block transposed.</summary>
        private readonly void Transform(float* from, float* to, int rowStep, int columnStep)
        {
            for (int j = 0; j < Block; j++)
                for (int u = 0; u < Block; u++)
                {
                    float sum = 0;
                    for (int x = 0; x < Block; x++)
                        sum += from[x * Block + j] * Table[u * rowStep + x * columnStep];
                    to[j * Block + u] = sum;
                }
        }
    }
}
