using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// Direct convolution in strips of 4 pixels × 4 channels (<see cref="Conv2dStrip"/>) that loads four input channels of a pixel at
/// once: six 16-byte loads of pixels and twelve of the filter serve 192 multiply-adds. No shared memory. C a multiple of 4, any K:
/// EDSR's last convolution, to 3 channels. Improves on <see cref="Conv2dFpropDirect"/>.
/// </summary>
internal sealed class Conv2dFpropDirectQuads()
    : Conv2dFpropAccelerator<Float4, float>(Run<Bias>, Run<BiasRelu>, Run<BiasScaledResidual>, Run<ReluMask>)
{
    public override string Name => "direct-quads";

    public override bool Supports(Conv2dShape shape, Epilogue epilogue) => shape.C % 4 == 0;

    public override float[] Pack(ReadOnlySpan<float> filter, ReadOnlySpan<float> bias, Conv2dShape shape) => Conv2dStrip.Pack(filter, bias, shape);

    protected override int Groups(ref Conv2dArguments g, Conv2dShape shape) => Conv2dStrip.Groups(ref g, shape);

    private static void Run<TEpilogue>(ArrayView<Float4> x, ArrayView<Float4> filter, ArrayView<float> residual, ArrayView<float> y, Conv2dArguments g)
        where TEpilogue : struct, IEpilogue
    {
        if (!g.Strips.Find(out int n, out int row, out int strip))
            return;
        int quad = strip / g.TilesK, k = strip - quad * g.TilesK, column = quad * 4;

        var sums = new float[16];
        var pixels = new float[24];
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
            long tap = g.TilesK * (1 + 12L * r * channels) + k;
            for (int c = 0; c < channels; c++)
            {
                Transpose(x[at0++], pixels, 0);
                Transpose(x[at1++], pixels, 1);
                Transpose(x[at2++], pixels, 2);
                Transpose(x[at3++], pixels, 3);
                Transpose(x[at4++], pixels, 4);
                Transpose(x[at5++], pixels, 5);
                for (int d = 0; d < 4; d++)
                {
                    Conv2dStrip.Add(sums, pixels, d * 6, filter, tap, g.TilesK);
                    tap += 3L * g.TilesK;
                }
            }
        }
        Conv2dStrip.Store<TEpilogue>(sums, n, row, column, k * 4, residual, y, g);
    }

    private static void Transpose(Float4 quad, float[] pixels, int i)
    {
        pixels[i] = quad.X;
        pixels[i + 6] = quad.Y;
        pixels[i + 12] = quad.Z;
        pixels[i + 18] = quad.W;
    }
}
