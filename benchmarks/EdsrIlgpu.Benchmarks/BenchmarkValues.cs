namespace EdsrIlgpu.Benchmarks;

/// <summary>Random values, never zeros: those run faster on some devices.</summary>
internal static class BenchmarkValues
{
    /// <summary>Values between −bound and bound.</summary>
    public static float[] Random(long count, int seed, double bound)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (long i = 0; i < count; i++)
            values[i] = (float)((random.NextDouble() * 2 - 1) * bound);
        return values;
    }

    /// <summary>The same in double.</summary>
    public static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
            doubles[i] = values[i];
        return doubles;
    }
}
