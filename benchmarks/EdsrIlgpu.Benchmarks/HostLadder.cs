using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Benchmarks;

/// <summary>
/// Every host variant of the convolution, forward and of its two gradients, beside the machine's FMA peak. A variant that is wrong
/// is not timed.
/// </summary>
internal sealed class HostLadder
{
    // Rows at the top of the picture, and output channels of the weights' gradient, that are compared with the reference; the
    // whole would take it minutes.
    private const int CheckedRows = 3, CheckedChannels = 2;

    private readonly TextWriter output;
    private readonly HostDevice device;
    private readonly int repeats;

    private HostLadder(TextWriter output, HostDevice device, int repeats) =>
        (this.output, this.device, this.repeats) = (output, device, repeats);

    /// <summary>Prints a table in Markdown.</summary>
    public static void Run(TextWriter output, int threads, int repeats)
    {
        using var device = new HostDevice(threads);
        new HostLadder(output, device, repeats).Run();
    }

    private void Run()
    {
        output.WriteLine("| | convolution | variant | ms | GFLOP/s | FMA peak | share of peak |");
        output.WriteLine("|---|---|---|--:|--:|--:|--:|");
        foreach (var shape in (Conv2dShape[])[new(1, 128, 128, 64, 64), new(1, 64, 64, 256, 256), new(16, 48, 48, 32, 32), new(1, 128, 128, 3, 64), new(1, 128, 128, 64, 256), new(1, 256, 256, 64, 3)])
            foreach (var variant in Conv2dHostVariants.Fprop.Where(v => v.Supports(device, shape, Epilogue.BiasRelu)))
                Print("fprop", shape, variant.Name, Fprop(variant, shape, Epilogue.BiasRelu));

        // A training step's, of 16 patches of 48×48.
        foreach (var shape in (Conv2dShape[])[new(16, 48, 48, 64, 64), new(16, 48, 48, 32, 32), new(16, 48, 48, 64, 256), new(16, 96, 96, 64, 3)])
            foreach (var variant in Conv2dHostVariants.Fprop.Where(v => v.Supports(device, shape.Transposed, Epilogue.ReluMask)))
                Print("dgrad", shape, variant.Name, Fprop(variant, shape.Transposed, Epilogue.ReluMask));
        foreach (var shape in (Conv2dShape[])[new(16, 48, 48, 64, 64), new(16, 48, 48, 32, 32), new(16, 48, 48, 3, 64), new(16, 48, 48, 3, 32), new(16, 48, 48, 64, 256), new(16, 48, 48, 32, 128), new(4, 48, 48, 256, 256), new(16, 96, 96, 64, 3), new(16, 96, 96, 32, 3)])
            foreach (var variant in Conv2dHostVariants.Wgrad.Where(v => v.Supports(device, shape)))
                Print("wgrad", shape, variant.Name, Wgrad(variant, shape));
    }

    private void Print(string operation, Conv2dShape shape, string variant, BesidePeak measured) =>
        output.WriteLine($"| {operation} | {shape} | `{variant}` | {measured.Seconds * 1e3:F3} | {shape.Flops / measured.Seconds / 1e9:F1} | {measured.Peak:F1} | {measured.Share:P1} |");

    private BesidePeak Fprop(Conv2dFpropHost variant, Conv2dShape shape, Epilogue epilogue)
    {
        float[] filter = Values(shape.FilterLength, 1, Math.Sqrt(1.0 / (9 * shape.C))), bias = Values(shape.K, 2, 0.1);
        using var packed = variant.Pack(device, filter, bias, shape, epilogue);
        using var x = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.C), 3);
        using var operand = epilogue.ReadsOperand ? new OwnedMap(epilogue.Output(shape), 4) : null;
        using var y = new OwnedMap(epilogue.Output(shape));

        void Run() => variant.Run(device, x.Map, packed, epilogue, operand?.Map ?? default, y.Map, 0, shape.H);
        Run();
        int rows = Math.Min(shape.H, CheckedRows + 1);
        var expected = Conv2dReference.Fprop(x.Read(1, rows), Doubles(filter), Doubles(bias), operand?.Read(1, rows), shape with { N = 1, H = rows }, epilogue);
        int compared = CheckedRows * shape.W * shape.K;
        Check(variant.Name, variant.MaxNmse, shape, y.Read(1, CheckedRows), expected[..compared]);
        return BesidePeak.Measure(device, shape.Flops, repeats, Run);
    }

    private unsafe BesidePeak Wgrad(Conv2dWgradHost variant, Conv2dShape shape)
    {
        using var x = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.C), 3);
        using var dy = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.K), 4);
        using var workspace = new AlignedMemory<float>(variant.WorkspaceElements(device, shape));
        using var dw = new AlignedMemory<float>(shape.FilterLength);
        using var db = new AlignedMemory<float>(shape.K);

        void Run() => variant.Run(device, shape, x.Map, dy.Map, 1, workspace.Address, dw.Address, db.Address);
        Run();
        var few = shape with { K = Math.Min(shape.K, CheckedChannels) };
        double[] gradient = dy.Read(shape.N, shape.H);
        double[] first = [.. gradient.Chunk(shape.K).SelectMany(pixel => pixel.Take(few.K))];
        Check(variant.Name, variant.MaxNmse, shape, Doubles(new Span<float>(dw.Address, few.FilterLength)), Conv2dReference.Wgrad(x.Read(shape.N, shape.H), first, few).Dw);
        return BesidePeak.Measure(device, shape.Flops, repeats, Run);
    }

    private static void Check(string variant, double maxNmse, Conv2dShape shape, double[] actual, double[] expected)
    {
        double error = 0, energy = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            error += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            energy += expected[i] * expected[i];
        }
        if (!(error <= maxNmse * energy))
            throw new InvalidOperationException($"{variant} computes {shape} wrongly, NMSE {error / energy:E2}: not timed.");
    }

    private static float[] Values(long count, int seed, double bound)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (long i = 0; i < count; i++)
            values[i] = (float)((random.NextDouble() * 2 - 1) * bound);
        return values;
    }

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (int i = 0; i < doubles.Length; i++)
            doubles[i] = values[i];
        return doubles;
    }

    private sealed unsafe class OwnedMap : IDisposable
    {
        private readonly AlignedMemory<float> memory;
        private readonly MapShape shape;

        public OwnedMap(MapShape shape)
        {
            this.shape = shape;
            memory = new AlignedMemory<float>(shape.Elements + shape.RowPitch);
        }

        /// <summary>A map of random pixels.</summary>
        public OwnedMap(MapShape shape, int seed) : this(shape)
        {
            int length = shape.W * shape.C;
            float[] values = Values((long)shape.N * shape.H * length, seed, 0.5);
            for (int row = 0; row < shape.N * shape.H; row++)
                values.AsSpan(row * length, length).CopyTo(Map.Pixels(row / shape.H, row % shape.H));
        }

        public HostMap<float> Map => new(memory.Address, memory.Address + shape.Elements, shape);

        /// <summary>The first rows of the first pictures.</summary>
        public double[] Read(int pictures, int rows)
        {
            var dense = new List<double>();
            for (int n = 0; n < pictures; n++)
                for (int y = 0; y < rows; y++)
                    dense.AddRange(Doubles(Map.Pixels(n, y)));
            return [.. dense];
        }

        public void Dispose() => memory.Dispose();
    }
}
