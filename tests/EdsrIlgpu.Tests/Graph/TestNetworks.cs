using EdsrIlgpu.Graph;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Tests.Graph;

/// <summary>Small networks with random parameters, and what they are fed.</summary>
internal static class TestNetworks
{
    /// <summary>Every shape of EDSR at a size that runs in no time.</summary>
    public static IReadOnlyList<(string Name, EdsrConfig Config)> Configs { get; } =
    [
        ("×2", new EdsrConfig(2, 16, 2)),
        ("×3, few features", new EdsrConfig(2, 8, 3) { ResidualScale = 0.1f }),
        ("×4", new EdsrConfig(1, 16, 4)),
        ("×2, 64 features", new EdsrConfig(3, 64, 2)),
        ("tutorial", new EdsrConfig(2, 16, 2) { ResidualScale = 0.1f, TiedBlocks = true, GlobalSkip = false }),
        ("×3, sub-pixel output", new EdsrConfig(2, 16, 3) { ResidualScale = 0.1f, SubPixelOutput = true }),
        ("×4, sub-pixel output", new EdsrConfig(1, 8, 4) { SubPixelOutput = true }),
        ("one channel", new EdsrConfig(1, 12, 2) { Channels = 1 }),
    ];

    public static Dictionary<string, float[]> RandomParameters(LayerGraph graph, int seed)
    {
        var random = new Random(seed);
        var parameters = new Dictionary<string, float[]>();
        foreach (var (name, k, c, _) in graph.Parameters)
        {
            parameters[$"{name}.weight"] = Random(random, k * c * 9, Math.Sqrt(2.0 / (9 * c)));
            parameters[$"{name}.bias"] = Random(random, k, 0.5);
        }
        return parameters;
    }

    public static float[] RandomInput(int count, int seed) => Random(new Random(seed), count, 1);

    /// <summary>max |actual − expected| / max |expected|; NaN if anything is.</summary>
    public static double RelativeError(IReadOnlyList<float> actual, IReadOnlyList<double> expected)
    {
        Assert.Equal(expected.Count, actual.Count);
        double error = 0, largest = 0;
        for (int i = 0; i < expected.Count; i++)
        {
            error = Math.Max(error, Math.Abs(actual[i] - expected[i]));
            largest = Math.Max(largest, Math.Abs(expected[i]));
        }
        return error == 0 ? 0 : error / largest;
    }

    private static float[] Random(Random random, int count, double bound) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2 - 1) * bound))];
}
