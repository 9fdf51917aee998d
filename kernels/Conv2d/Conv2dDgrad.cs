namespace EdsrIlgpu.Kernels;

/// <summary>
/// The gradient of a convolution's input. It is a forward convolution of the output's gradient, of shape
/// <see cref="Conv2dShape.Transposed"/>, with the filter turned by 180° and its input and output channels exchanged, so the forward
/// variants compute it; the bias is zero.
/// </summary>
public static class Conv2dDgrad
{
    /// <summary>turned[c, r, s, k] = filter[k, 2 − r, 2 − s, c].</summary>
    /// <param name="filter">[K, 3, 3, C].</param>
    /// <param name="k">K, output channels of the forward convolution.</param>
    /// <param name="c">C, its input channels.</param>
    /// <param name="turned">[C, 3, 3, K].</param>
    /// <exception cref="ArgumentException">A length is not 9·K·C.</exception>
    public static void Turn(ReadOnlySpan<float> filter, int k, int c, Span<float> turned)
    {
        if (k < 1 || c < 1 || filter.Length != 9L * k * c || turned.Length != filter.Length)
            throw new ArgumentException($"A filter of {k}×3×3×{c} and its turned copy have {9L * k * c} values each, not {filter.Length} and {turned.Length}.");
        for (int channel = 0; channel < c; channel++)
            for (int tap = 0; tap < 9; tap++)
                for (int q = 0; q < k; q++)
                    turned[(channel * 9 + tap) * k + q] = filter[(q * 9 + 8 - tap) * c + channel];
    }
}
