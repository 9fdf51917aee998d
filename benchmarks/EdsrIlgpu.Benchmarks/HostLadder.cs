using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Benchmarks;

/// <summary>Every host variant of the convolution, beside the machine's FMA peak. A variant that is wrong is not timed.</summary>
internal static class HostLadder
{
    // Rows at the top of the picture that are compared with the reference; the whole would take it minutes.
    private const int CheckedRows = 3;

    /// <summary>Prints a table in Markdown.</summary>
    public static void Run(TextWriter output, int threads, int repeats)
    {
        using var device = new HostDevice(threads);
        output.WriteLine("| convolution | variant | ms | GFLOP/s | FMA peak | share of peak |");
        output.WriteLine("|---|---|--:|--:|--:|--:|");
        foreach (var shape in (Conv2dShape[])[new(1, 128, 128, 64, 64), new(1, 64, 64, 256, 256), new(1, 128, 128, 3, 64), new(1, 128, 128, 64, 256), new(1, 256, 256, 64, 3)])
            foreach (var variant in Conv2dHostVariants.Fprop.Where(v => v.Supports(device, shape, Epilogue.BiasRelu)))
            {
                var measured = Time(device, variant, shape, repeats);
                output.WriteLine($"| {shape} | `{variant.Name}` | {measured.Seconds * 1e3:F3} | {shape.Flops / measured.Seconds / 1e9:F1} | {measured.Peak:F1} | {measured.Share:P1} |");
            }
    }

    private static BesidePeak Time(HostDevice device, Conv2dFpropHost variant, Conv2dShape shape, int repeats)
    {
        var random = new Random(1);
        float[] Values(long count, double bound) => [.. Enumerable.Range(0, (int)count).Select(_ => (float)((random.NextDouble() * 2 - 1) * bound))];
        float[] filter = Values(shape.FilterLength, Math.Sqrt(1.0 / (9 * shape.C))), bias = Values(shape.K, 0.1), pixels = Values((long)shape.H * shape.W * shape.C, 0.5);
        using var packed = variant.Pack(device, filter, bias, shape, Epilogue.BiasRelu);
        using var x = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.C));
        using var y = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.K));
        for (int row = 0; row < shape.H; row++)
            pixels.AsSpan(row * shape.W * shape.C, shape.W * shape.C).CopyTo(x.Map.Pixels(0, row));

        void Run() => variant.Run(device, x.Map, packed, Epilogue.BiasRelu, default, y.Map, 0, shape.H);
        Run();
        Check(variant, shape, pixels, filter, bias, y.Map);
        return BesidePeak.Measure(device, shape.Flops, repeats, Run);
    }

    private static void Check(Conv2dFpropHost variant, Conv2dShape shape, float[] pixels, float[] filter, float[] bias, HostMap<float> y)
    {
        static double[] Doubles(IEnumerable<float> values) => [.. values.Select(v => (double)v)];
        var top = shape with { H = CheckedRows + 1 };
        var expected = Conv2dReference.Fprop(Doubles(pixels.Take(top.H * top.W * top.C)), Doubles(filter), Doubles(bias), null, top, Epilogue.BiasRelu);
        double error = 0, energy = 0;
        for (int i = 0; i < CheckedRows * shape.W * shape.K; i++)
        {
            double difference = y.Pixels(0, i / (shape.W * shape.K))[i % (shape.W * shape.K)] - expected[i];
            error += difference * difference;
            energy += expected[i] * expected[i];
        }
        if (!(error <= variant.MaxNmse * energy))
            throw new InvalidOperationException($"{variant.Name} computes {shape} wrongly, NMSE {error / energy:E2}: not timed.");
    }

    private sealed unsafe class OwnedMap(MapShape shape) : IDisposable
    {
        private readonly AlignedMemory<float> memory = new(shape.Elements + shape.RowPitch);

        public HostMap<float> Map => new(memory.Address, memory.Address + shape.Elements, shape);

        public void Dispose() => memory.Dispose();
    }
}
