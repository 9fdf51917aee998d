using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights;

/// <summary>
/// EDSR-PyTorch's mean shifts, 1×1 convolutions p → W·p + b before the head and after the tail. Their biases are the pixel range's
/// offsets. A W that is not the identity (early files trained it) goes into the head's and the tail's filter, exactly: with
/// u = p + W⁻¹·b, head(W·u) is a convolution of u, and u is zero where W·u is, so the zero padding is the same.
/// </summary>
internal static class MeanShift
{
    private const string In = "sub_mean", Out = "add_mean";

    /// <summary>The tensors' names; a file has all or none.</summary>
    public static IEnumerable<string> Names => Shapes(3).Select(tensor => tensor.Name);

    /// <summary>The tensors' names and shapes.</summary>
    public static IEnumerable<(string Name, int[] Shape)> Shapes(int channels) =>
        [($"{In}.weight", [channels, channels, 1, 1]), ($"{In}.bias", [channels]), ($"{Out}.weight", [channels, channels, 1, 1]), ($"{Out}.bias", [channels])];

    /// <summary>The mean shifts of a range: identities with its offsets.</summary>
    public static IEnumerable<(string Name, int[] Shape, float[] Values)> Tensors(PixelRange range, int channels)
    {
        foreach (var (name, shape) in Shapes(channels))
            yield return (name, shape, name.EndsWith("weight", StringComparison.Ordinal)
                ? Identity(channels)
                : Expand(name.StartsWith(In, StringComparison.Ordinal) ? range.InputOffset : range.OutputOffset, channels));
    }

    /// <summary>The offsets of the stored mean shifts.</summary>
    /// <param name="read">Reads a tensor by name.</param>
    /// <param name="gain">The range's gain, which no tensor says.</param>
    /// <exception cref="WeightFileException">The input's shift cannot be inverted.</exception>
    public static PixelRange Range(Func<string, float[]> read, float gain)
    {
        float[] w = read($"{In}.weight"), b = read($"{In}.bias");
        return new PixelRange(gain, IsIdentity(w, b.Length) ? b : Solve(w, b), read($"{Out}.bias"));
    }

    /// <summary>Takes weights that are not the identity into the parameters of the first and the last convolution.</summary>
    public static void Fold(Func<string, float[]> read, Dictionary<string, float[]> parameters, EdsrConfig config)
    {
        int channels = config.Channels;
        string first = Edsr.Build(config).Parameters.First().Name, last = Edsr.Build(config).Parameters.Last().Name;
        float[] sub = read($"{In}.weight"), add = read($"{Out}.weight");
        if (!IsIdentity(sub, channels))
            parameters[$"{first}.weight"] = MixInputs(parameters[$"{first}.weight"], sub, channels);
        if (!IsIdentity(add, channels))
            foreach (string name in (string[])[$"{last}.weight", $"{last}.bias"])
                parameters[name] = MixOutputs(parameters[name], add, channels);
    }

    /// <summary>One value per channel, from one per channel or one for all.</summary>
    public static float[] Expand(float[] offsets, int channels) =>
        offsets.Length == channels ? offsets : offsets.Length == 1 ? [.. Enumerable.Repeat(offsets[0], channels)]
        : throw new ArgumentException($"A range of {offsets.Length} offsets does not fit {channels} channels.");

    private static float[] Identity(int channels) => [.. Enumerable.Range(0, channels * channels).Select(i => i % (channels + 1) == 0 ? 1f : 0f)];

    private static bool IsIdentity(float[] w, int channels) => w.AsSpan().SequenceEqual(Identity(channels));

    /// <summary>[K, c, 3, 3] with input channels mixed: result[k, c] = Σ_d filter[k, d] · w[d, c].</summary>
    private static float[] MixInputs(float[] filter, float[] w, int channels)
    {
        const int taps = 9;
        var result = new float[filter.Length];
        for (int i = 0; i < result.Length; i++)
        {
            int tap = i % taps, c = i / taps % channels, k = i / taps / channels;
            result[i] = (float)Enumerable.Range(0, channels).Sum(d => (double)filter[(k * channels + d) * taps + tap] * w[d * channels + c]);
        }
        return result;
    }

    /// <summary>[c, …] with output channels mixed: result[c] = Σ_d w[c, d] · values[d]. Before PixelShuffle a channel's r² parts stand together.</summary>
    private static float[] MixOutputs(float[] values, float[] w, int channels)
    {
        int length = values.Length / channels;
        var result = new float[values.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] = (float)Enumerable.Range(0, channels).Sum(d => (double)w[i / length * channels + d] * values[d * length + i % length]);
        return result;
    }

    /// <summary>u with w·u = b, by Gaussian elimination with partial pivoting.</summary>
    private static float[] Solve(float[] w, float[] b)
    {
        int n = b.Length;
        var rows = Enumerable.Range(0, n).Select(r => (double[])[.. w[(r * n)..(r * n + n)].Select(v => (double)v), b[r]]).ToArray();
        double largest = w.Max(Math.Abs);
        for (int c = 0; c < n; c++)
        {
            int pivot = Enumerable.Range(c, n - c).MaxBy(r => Math.Abs(rows[r][c]));
            (rows[c], rows[pivot]) = (rows[pivot], rows[c]);
            if (!(Math.Abs(rows[c][c]) > 1e-6 * largest))
                throw new WeightFileException($"has a {In} that cannot be undone, so its mean is unknown: write the file again with {In}.weight = identity.");
            for (int r = 0; r < n; r++)
                if (r != c)
                    for (int k = n; k >= c; k--)
                        rows[r][k] -= rows[r][c] / rows[c][c] * rows[c][k];
        }
        return [.. Enumerable.Range(0, n).Select(r => (float)(rows[r][n] / rows[r][r]))];
    }
}
