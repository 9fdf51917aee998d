namespace EdsrIlgpu.Kernels;

/// <summary>
/// The convolution as its definition says it, in double, on dense arrays without borders. Never optimised: it is what every
/// variant is held against.
/// </summary>
public static class Conv2dReference
{
    /// <summary>y = epilogue(Σ_rsc x[n, h + r − 1, w + s − 1, c] · filter[k, r, s, c] + b[k]).</summary>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="filter">[K, 3, 3, C].</param>
    /// <param name="b">[K].</param>
    /// <param name="residual">Of the output's shape, when the epilogue adds one; or its mask.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="epilogue">What happens to the sums.</param>
    /// <returns>The dense output, <c>epilogue.Output(shape)</c>.</returns>
    public static double[] Fprop(double[] x, double[] filter, double[] b, double[]? residual, Conv2dShape shape, Epilogue epilogue)
    {
        epilogue.Validate(shape);
        var (n, h, w, c, k) = shape;
        int r = epilogue.Shuffle, outC = k / (r * r);
        var y = new double[(long)n * h * w * k];
        for (int image = 0; image < n; image++)
            for (int row = 0; row < h; row++)
                for (int col = 0; col < w; col++)
                    for (int q = 0; q < k; q++)
                    {
                        double sum = b[q];
                        for (int dr = 0; dr < 3; dr++)
                            for (int ds = 0; ds < 3; ds++)
                            {
                                int yy = row + dr - 1, xx = col + ds - 1;
                                if (yy < 0 || yy >= h || xx < 0 || xx >= w)
                                    continue;
                                for (int ch = 0; ch < c; ch++)
                                    sum += x[(((long)image * h + yy) * w + xx) * c + ch] * filter[((q * 3 + dr) * 3 + ds) * c + ch];
                            }
                        if (epilogue.Relu)
                            sum = Math.Max(0, sum);
                        int block = q / outC, i = block / r, j = block % r;
                        long at = (((long)image * h * r + row * r + i) * w * r + col * r + j) * outC + q % outC;
                        y[at] = epilogue.Mask ? (residual![at] > 0 ? sum : 0) : epilogue.Residual ? sum * epilogue.Scale + residual![at] : sum;
                    }
        return y;
    }

    /// <summary>dx[n, h, w, c] = Σ_krs dy[n, h + 1 − r, w + 1 − s, k] · filter[k, r, s, c]: the gradient of the input.</summary>
    /// <param name="dy">[N, H, W, K], the gradient of the sums.</param>
    /// <param name="filter">[K, 3, 3, C].</param>
    /// <param name="shape">Sizes of the forward convolution.</param>
    /// <returns>[N, H, W, C].</returns>
    public static double[] Dgrad(double[] dy, double[] filter, Conv2dShape shape)
    {
        var (n, h, w, c, k) = shape;
        var dx = new double[(long)n * h * w * c];
        for (int image = 0; image < n; image++)
            for (int row = 0; row < h; row++)
                for (int col = 0; col < w; col++)
                    for (int r = 0; r < 3; r++)
                        for (int s = 0; s < 3; s++)
                        {
                            int yy = row + 1 - r, xx = col + 1 - s;
                            if (yy < 0 || yy >= h || xx < 0 || xx >= w)
                                continue;
                            for (int q = 0; q < k; q++)
                                for (int ch = 0; ch < c; ch++)
                                    dx[(((long)image * h + row) * w + col) * c + ch] += dy[(((long)image * h + yy) * w + xx) * k + q] * filter[((q * 3 + r) * 3 + s) * c + ch];
                        }
        return dx;
    }

    /// <summary>dw[k, r, s, c] = Σ_nhw dy[n, h, w, k] · x[n, h + r − 1, w + s − 1, c] and db[k] = Σ_nhw dy[n, h, w, k]: the gradients of filter and bias.</summary>
    /// <param name="x">[N, H, W, C].</param>
    /// <param name="dy">[N, H, W, K], the gradient of the sums.</param>
    /// <param name="shape">Sizes.</param>
    /// <returns>[K, 3, 3, C] and [K].</returns>
    public static (double[] Dw, double[] Db) Wgrad(double[] x, double[] dy, Conv2dShape shape)
    {
        var (n, h, w, c, k) = shape;
        double[] dw = new double[shape.FilterLength], db = new double[k];
        for (int image = 0; image < n; image++)
            for (int row = 0; row < h; row++)
                for (int col = 0; col < w; col++)
                    for (int q = 0; q < k; q++)
                    {
                        double gradient = dy[(((long)image * h + row) * w + col) * k + q];
                        db[q] += gradient;
                        for (int r = 0; r < 3; r++)
                            for (int s = 0; s < 3; s++)
                            {
                                int yy = row + r - 1, xx = col + s - 1;
                                if (yy < 0 || yy >= h || xx < 0 || xx >= w)
                                    continue;
                                for (int ch = 0; ch < c; ch++)
                                    dw[((q * 3 + r) * 3 + s) * c + ch] += gradient * x[(((long)image * h + yy) * w + xx) * c + ch];
                            }
                    }
        return (dw, db);
    }
}
