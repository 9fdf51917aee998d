using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Benchmarks;

/// <summary>Convolutions on the host beside the machine's FMA peak.</summary>
internal static class HostLadder
{
    public static void Run(int threads, int repeats)
    {
        using var device = new HostDevice(threads);
        Console.WriteLine($"{"convolution",-28} {"variant",-12} {"ms",8} {"GFLOP/s",9} {"peak",8} {"share",7}");
        foreach (var shape in Shapes())
            Time(device, shape, repeats);
    }

    private static IEnumerable<Conv2dShape> Shapes()
    {
        yield return new(1, 128, 128, 64, 64);
        yield return new(1, 64, 64, 256, 256);
        foreach (var shape in Conv2dProblems.Edsr(128, 128, 64))
            if (shape.C != shape.K)
                yield return shape;
    }

    private static void Time(HostDevice device, Conv2dShape shape, int repeats)
    {
        var random = new Random(1);
        float[] Values(int count, double bound) => [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2 - 1) * bound))];
        var plan = Conv2dKernels.Choose(device, shape, Epilogue.BiasRelu);
        using var filter = plan.Pack(Values(shape.FilterLength, Math.Sqrt(1.0 / (9 * shape.C))), Values(shape.K, 0.1));
        using var x = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.C));
        using var y = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.K));
        for (int row = 0; row < shape.H; row++)
            foreach (ref float value in x.Map.Pixels(0, row))
                value = random.NextSingle() - 0.5f;
        var measured = BesidePeak.Measure(device, shape.Flops, repeats, () => Conv2dKernels.Fprop(plan, x.Map, filter, default, y.Map, 0, shape.H));
        Console.WriteLine($"{shape,-28} {plan.Variant,-12} {measured.Seconds * 1e3,8:F3} {shape.Flops / measured.Seconds / 1e9,9:F1} {measured.Peak,8:F1} {measured.Share,7:P1}");
    }

    private sealed unsafe class OwnedMap(MapShape shape) : IDisposable
    {
        private readonly AlignedMemory<float> memory = new(shape.Elements + shape.RowPitch);

        public HostMap<float> Map => new(memory.Address, memory.Address + shape.Elements, shape);

        public void Dispose() => memory.Dispose();
    }
}
