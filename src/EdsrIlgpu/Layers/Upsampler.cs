using EdsrIlgpu.Graph;

namespace EdsrIlgpu.Layers;

/// <summary>
/// Convolutions to r² times the channels, each followed by PixelShuffle(r): one of r = 2 or 3 for scales 2 and 3, two of r = 2
/// for scale 4. The convolutions are called <paramref name="Name"/>.0, <paramref name="Name"/>.2, … as in EDSR-PyTorch.
/// </summary>
/// <param name="Name">Prefix of the convolutions' names.</param>
/// <param name="Factor">A product of 2s and 3s.</param>
public sealed record Upsampler(string Name, int Factor) : ILayer
{
    /// <summary>The factors of the single PixelShuffles.</summary>
    /// <exception cref="ArgumentException">The factor is no product of 2s and 3s, or less than 2.</exception>
    public static IReadOnlyList<int> Factors(int factor)
    {
        var factors = new List<int>();
        int left = factor;
        foreach (int r in (int[])[2, 3])
            for (; left > 0 && left % r == 0; left /= r)
                factors.Add(r);
        return left == 1 && factors.Count > 0 ? factors : throw new ArgumentException($"A scale of {factor} is no product of 2s and 3s.");
    }

    /// <inheritdoc/>
    public Value AddTo(LayerGraph graph, Value x)
    {
        int index = 0;
        foreach (int r in Factors(Factor))
            x = new SubPixelConv2d($"{Name}.{2 * index++}", x.Channels, r).AddTo(graph, x);
        return x;
    }
}
