using EdsrIlgpu.Models;
using EdsrIlgpu.Training;

namespace EdsrIlgpu.Tests.Training;

public class InitialWeightsTests
{
    [Fact]
    public void Filters_and_biases_are_uniform_in_pytorchs_bounds()
    {
        var model = InitialWeights.Draw(new EdsrConfig(2, 32, 2), 1);
        foreach (var (name, values) in model.Parameters)
        {
            double bound = 1 / Math.Sqrt(9 * (name.StartsWith("head", StringComparison.Ordinal) ? 3 : 32));
            Assert.All(values, v => Assert.InRange(v, -bound, bound));
            if (values.Length < 1000)
                continue;
            // Mean 0 and variance bound²/3, both within four standard errors.
            double n = values.Length, mean = values.Average(v => (double)v), variance = values.Average(v => (double)v * v);
            Assert.InRange(mean, -4 * bound / Math.Sqrt(3 * n), 4 * bound / Math.Sqrt(3 * n));
            Assert.InRange(variance / (bound * bound / 3), 1 - 4 * Math.Sqrt(0.8 / n), 1 + 4 * Math.Sqrt(0.8 / n));
            Assert.True(values.Distinct().Count() > 0.99 * n);
        }
    }

    [Fact]
    public void They_follow_from_the_seed_and_differ_between_tensors()
    {
        var config = new EdsrConfig(1, 16, 3);
        var (a, b, other) = (InitialWeights.Draw(config, 7), InitialWeights.Draw(config, 7), InitialWeights.Draw(config, 8));
        Assert.All(a.Parameters, p => Assert.Equal(p.Value, b.Parameters[p.Key]));
        Assert.All(a.Parameters, p => Assert.NotEqual(p.Value, other.Parameters[p.Key]));
        Assert.NotEqual(a.Parameters["body.0.body.0.weight"], a.Parameters["body.0.body.2.weight"]);
    }
}
