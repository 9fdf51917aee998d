using EdsrIlgpu.Graph;

namespace EdsrIlgpu.Benchmarks;

/// <summary>Parameters of no trained network, of a size that keeps values from growing from layer to layer.</summary>
internal static class RandomParameters
{
    public static Dictionary<string, float[]> For(LayerGraph graph)
    {
        var random = new Random(1);
        var parameters = new Dictionary<string, float[]>();
        foreach (var (name, k, c, _) in graph.Parameters)
        {
            double bound = Math.Sqrt(1.0 / (9 * c));
            parameters[$"{name}.weight"] = [.. Enumerable.Range(0, k * c * 9).Select(_ => (float)((random.NextDouble() * 2 - 1) * bound))];
            parameters[$"{name}.bias"] = [.. Enumerable.Range(0, k).Select(_ => (float)((random.NextDouble() * 2 - 1) * 0.1))];
        }
        return parameters;
    }
}
