namespace EdsrIlgpu.Kernels.Tests;

/// <summary>Random inputs that floats hold exactly, and the distance between results.</summary>
internal static class TestValues
{
    public static double[] Random(long count, int seed, double bound = 1)
    {
        var random = new Random(seed);
        var values = new double[count];
        for (long i = 0; i < count; i++)
            values[i] = (float)((random.NextDouble() * 2 - 1) * bound);
        return values;
    }

    public static float[] Single(double[] values) => [.. values.Select(v => (float)v)];

    /// <summary>Σ(actual − expected)² / Σ expected²; NaN if anything is.</summary>
    public static double Nmse(double[] actual, double[] expected)
    {
        Assert.Equal(expected.Length, actual.Length);
        double error = 0, energy = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            energy += expected[i] * expected[i];
        }
        return error == 0 ? 0 : error / Math.Max(energy, 1e-30);
    }
}
