using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Direct convolution: a thread sums a strip of 4 pixels × 4 channels (<see cref="Conv2dStrip"/>) in registers and loads all it
/// needs from global memory, one input channel at a time: six pixels and three quads of the filter serve 48 multiply-adds. No
/// shared memory. Any C, any K. The first rung.
/// </summary>
internal sealed class Conv2dFpropDirect()
    : Conv2dFpropAccelerator<float, float>(Run<Bias>, Run<BiasRelu>, Run<BiasScaledResidual>, Run<ReluMask>)
{
    public override string Name => "direct";

    public override bool Supports(Conv2dShape shape, Epilogue epilogue) => true;

    public override float[] Pack(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Conv2dShape shape) => Conv2dStrip.Pack(filter, bias, shape);

    protected override int Groups(ref Conv2dArguments g, Conv2dShape shape) => Conv2dStrip.Groups(ref g, shape);

    private static void Run<TEpilogue>(ArrayView<float> x, ArrayView<Float4> filter, ArrayView<float> residual, ArrayView<float> y, Conv2dArguments g)
        where TEpilogue : struct, IEpilogue
    {
        if (!g.Strips.Find(out int n, out int row, out int strip))
            return;
        int quad = strip / g.TilesK, k = strip - quad * g.TilesK, column = quad * 4;

        var sums = new float[16];
        var pixels = new float[6];
        Conv2dStrip.Begin(sums, filter[k]);

        // A strip that ends beyond the picture reads the border instead.
        int channels = g.X.Pixel;
        long last = (g.Width + 1L) * channels, first = (long)column * channels;
        long offset3 = Math.Min(first + 3L * channels, last);
        long offset4 = Math.Min(first + 4L * channels, last);
        long offset5 = Math.Min(first + 5L * channels, last);
        for (int r = 0; r < 3; r++)
        {
            if (row + r <= g.InputBegin || row + r > g.InputEnd)
                continue;
            long start = g.X.Border(n, row + r - 1);
            long at0 = start + first, at1 = at0 + channels, at2 = at1 + channels, at3 = start + offset3, at4 = start + offset4, at5 = start + offset5;
            long tap = g.TilesK * (1 + 3L * r * channels) + k;
            for (int c = 0; c < channels; c++)
            {
                pixels[0] = x[at0++];
                pixels[1] = x[at1++];
                pixels[2] = x[at2++];
                pixels[3] = x[at3++];
                pixels[4] = x[at4++];
                pixels[5] = x[at5++];
                Conv2dStrip.Add(sums, pixels, 0, filter, tap, g.TilesK);
                tap += 3L * g.TilesK;
            }
        }
        Conv2dStrip.Store<TEpilogue>(sums, n, row, column, k * 4, residual, y, g);
    }
}
