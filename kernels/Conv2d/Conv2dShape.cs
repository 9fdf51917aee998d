namespace EdsrIlgpu.Kernels;

/// <summary>
/// A 3×3 convolution, stride 1, padding 1, on the whole picture: N pictures of H×W pixels, C channels in, K out. As matrix products:
/// <code>
///           M        N      K
///   fprop   N·H·W    K      9·C
///   dgrad   N·H·W    C      9·K     fprop on dy with the filter turned by 180° and C, K exchanged
///   wgrad   K        9·C    N·H·W
/// </code>
/// </summary>
/// <param name="N">Pictures.</param>
/// <param name="H">Height in pixels.</param>
/// <param name="W">Width in pixels.</param>
/// <param name="C">Input channels.</param>
/// <param name="K">Output channels.</param>
public readonly record struct Conv2dShape(int N, int H, int W, int C, int K)
{
    /// <summary>Multiplications and additions of the direct algorithm: 18·N·H·W·C·K.</summary>
    public double Flops => 18.0 * N * H * W * C * K;

    /// <summary>Bytes of input, filter and output, each touched once, as floats.</summary>
    public double Bytes => 4.0 * ((double)N * H * W * (C + K) + 9.0 * C * K);

    /// <summary>Elements of the filter, K·3·3·C.</summary>
    public int FilterLength => checked(K * 9 * C);

    /// <summary>The convolution that takes the gradient of the output to that of the input: C and K exchanged.</summary>
    public Conv2dShape Transposed => this with { C = K, K = C };

    /// <summary>Throws unless every size is at least 1 and the filter's elements can be counted in 32 bits.</summary>
    /// <exception cref="ArgumentException">A size is out of range.</exception>
    public void Validate()
    {
        if (N < 1 || H < 1 || W < 1 || C < 1 || K < 1 || 9L * C * K > int.MaxValue)
            throw new ArgumentException($"Not the shape of a convolution: {this}.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{N}×{H}×{W}, {C}→{K}";
}
