using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>Interleaved pixels, 8 or 16 bit, to maps in the network's range and back.</summary>
public static unsafe partial class PixelNormKernels
{
    /// <summary>x = pixel · gain + offset[c] on rows [y0, y1).</summary>
    /// <typeparam name="T">byte or ushort.</typeparam>
    /// <param name="device">The host.</param>
    /// <param name="pixels">[N, H, W, C], dense.</param>
    /// <param name="affine">Gain and offsets of the way in.</param>
    /// <param name="x">The map; at most four channels.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">Too many channels, or the range is none of the map's.</exception>
    public static void Load<T>(HostDevice device, T* pixels, PixelAffine affine, in HostMap<float> x, int y0, int y1)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        CheckChannels(x.Shape);
        MapCheck.Rows(y0, y1, x.Shape.H);
        device.Pool.Run(new LoadRows<T> { Pixels = pixels, Affine = affine, X = x, FirstRow = y0, RowCount = y1 - y0 }, x.Shape.N * (y1 - y0));
    }

    /// <summary>pixel = (y + offset[c]) · gain on rows [y0, y1), clamped to the type's range and rounded, halves up; NaN becomes 0.</summary>
    /// <typeparam name="T">byte or ushort.</typeparam>
    /// <param name="device">The host.</param>
    /// <param name="y">The map; at most four channels.</param>
    /// <param name="affine">Gain and offsets of the way out.</param>
    /// <param name="pixels">[N, H, W, C], dense.</param>
    /// <param name="y0">First row.</param>
    /// <param name="y1">Row after the last.</param>
    /// <exception cref="ArgumentException">Too many channels, or the range is none of the map's.</exception>
    public static void Store<T>(HostDevice device, in HostMap<float> y, PixelAffine affine, T* pixels, int y0, int y1)
        where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        CheckChannels(y.Shape);
        MapCheck.Rows(y0, y1, y.Shape.H);
        device.Pool.Run(new StoreRows<T> { Y = y, Affine = affine, Pixels = pixels, FirstRow = y0, RowCount = y1 - y0 }, y.Shape.N * (y1 - y0));
    }

    private static void CheckChannels(MapShape shape)
    {
        if (shape.C > PixelAffine.MaxChannels)
            throw new ArgumentException($"Pixels have at most {PixelAffine.MaxChannels} channels, not {shape.C}.");
    }

    private struct LoadRows<T> : IWork where T : unmanaged, IBinaryInteger<T>
    {
        public T* Pixels;
        public PixelAffine Affine;
        public HostMap<float> X;
        public int FirstRow, RowCount;

        public readonly void Run(int piece)
        {
            int n = piece / RowCount, row = FirstRow + piece % RowCount, w = X.Shape.W, channels = X.Shape.C;
            T* p = Pixels + ((long)n * X.Shape.H + row) * w * channels;
            float* x = X.Row(n, row);
            for (int c = 0; c < channels; c++)
            {
                float offset = Affine.Offset(c);
                for (long i = c, end = (long)w * channels; i < end; i += channels)
                    x[i] = float.CreateTruncating(p[i]) * Affine.Gain + offset;
            }
        }
    }

    private struct StoreRows<T> : IWork where T : unmanaged, IBinaryInteger<T>, IMinMaxValue<T>
    {
        public HostMap<float> Y;
        public PixelAffine Affine;
        public T* Pixels;
        public int FirstRow, RowCount;

        public readonly void Run(int piece)
        {
            int n = piece / RowCount, row = FirstRow + piece % RowCount, w = Y.Shape.W, channels = Y.Shape.C;
            float* y = Y.Row(n, row);
            T* p = Pixels + ((long)n * Y.Shape.H + row) * w * channels;
            float max = float.CreateTruncating(T.MaxValue);
            for (int c = 0; c < channels; c++)
            {
                float offset = Affine.Offset(c);
                for (long i = c, end = (long)w * channels; i < end; i += channels)
                {
                    float value = (y[i] + offset) * Affine.Gain;
                    p[i] = T.CreateTruncating((int)((value > 0 ? MathF.Min(value, max) : 0) + 0.5f));
                }
            }
        }
    }
}
