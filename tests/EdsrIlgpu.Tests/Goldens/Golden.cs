using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>
/// A file of results that an independent implementation (libtorch, in double) has computed. Maps there are [N, C, H, W], filters
/// [K, C, 3, 3]; here they are turned into the kernels' layouts.
/// </summary>
internal sealed class Golden : IDisposable
{
    /// <summary>What max |actual − expected| / max |expected| may be.</summary>
    public const double Tolerance = 1e-5;

    private readonly TensorFile file;

    private Golden(TensorFile file) => this.file = file;

    public static Golden Open(string name) => new(TensorFile.Open(TestData.Committed("Goldens", $"{name}.safetensors")));

    /// <summary>The network whose first steps the file holds.</summary>
    public EdsrConfig Config
    {
        get
        {
            bool tied = file.Metadata["tied"] == "True";
            return new EdsrConfig(int.Parse(file.Metadata["blocks"]), int.Parse(file.Metadata["features"]), int.Parse(file.Metadata["scale"]))
            {
                ResidualScale = float.Parse(file.Metadata["res_scale"]),
                TiedBlocks = tied,
                GlobalSkip = !tied,
                // The tutorial's pictures are already in [−1, 1] there.
                Range = tied ? new PixelRange(1, [0], [0]) : PixelRange.EdsrPyTorch,
            };
        }
    }

    /// <summary>The loss of the steps.</summary>
    public LossFunction Loss => file.Metadata["loss"] == "mse" ? LossFunction.Mse : LossFunction.L1;

    /// <summary>The parameters before the first step, in PyTorch's order.</summary>
    public Dictionary<string, float[]> Parameters => file.Tensors.Keys.Where(k => k.StartsWith("param0.")).ToDictionary(k => k["param0.".Length..], Read);

    /// <summary>What comes before the dot that ends in <paramref name="suffix"/>.</summary>
    public IEnumerable<string> Cases(string prefix, string suffix) =>
        file.Tensors.Keys.Where(k => k.StartsWith(prefix) && k.EndsWith(suffix)).Select(k => k[..^suffix.Length]);

    public int[] Shape(string name) => [.. file.Tensors[name].Shape.Select(s => (int)s)];

    /// <summary>The values as stored.</summary>
    public float[] Read(string name) => file.Tensors[name].Read();

    /// <summary>A map as [N, H, W, C].</summary>
    /// <param name="name">[N, C, H, W].</param>
    /// <param name="factor">Of a PixelShuffle that follows: the channels come in (i·r + j)·C + c order instead of c·r² + i·r + j.</param>
    public float[] Map(string name, int factor = 1)
    {
        var values = Read(name);
        int[] shape = Shape(name);
        int channels = shape[1], pixels = shape[2] * shape[3], outputs = channels / (factor * factor);
        var map = new float[values.Length];
        for (int n = 0; n < shape[0]; n++)
            for (int q = 0; q < channels; q++)
            {
                int to = q % (factor * factor) * outputs + q / (factor * factor);
                for (int p = 0; p < pixels; p++)
                    map[((long)n * pixels + p) * channels + to] = values[((long)n * channels + q) * pixels + p];
            }
        return map;
    }

    /// <summary>Fails unless the values meet those of the file.</summary>
    public static void AssertMeets(IReadOnlyList<float> expected, IReadOnlyList<float> actual, string what, double tolerance = Tolerance)
    {
        double error = Graph.TestNetworks.RelativeError(actual, [.. expected.Select(v => (double)v)]);
        Assert.True(error <= tolerance, $"{what}: {error:E2}");
    }

    public void Dispose() => file.Dispose();
}
