using EdsrIlgpu.Devices;
using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Benchmarks;

/// <summary>The host's variants.</summary>
internal sealed unsafe class HostLadder(HostComputeDevice device) : ConvolutionLadder(device)
{
    private readonly HostDevice host = device.Device;

    protected override IEnumerable<LadderCandidate> Fprop(Conv2dShape shape, Epilogue epilogue, float[] x, float[] filter, float[] bias, float[]? operand)
    {
        using var xMap = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.C), x);
        using var operandMap = operand is null ? null : new OwnedMap(epilogue.Output(shape), operand);
        using var yMap = new OwnedMap(epilogue.Output(shape));
        foreach (var variant in Conv2dHostVariants.Fprop.Where(v => v.Supports(host, shape, epilogue)))
        {
            using var packed = variant.Pack(host, filter, bias, shape, epilogue);
            yield return new LadderCandidate(
                variant.Name,
                variant.MaxNmse,
                () => variant.Run(host, xMap.Map, packed, epilogue, operandMap?.Map ?? default, yMap.Map, 0, shape.H),
                yMap.Read);
        }
    }

    protected override IEnumerable<LadderCandidate> Wgrad(Conv2dShape shape, float[] x, float[] dy)
    {
        using var xMap = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.C), x);
        using var dyMap = new OwnedMap(new MapShape(shape.N, shape.H, shape.W, shape.K), dy);
        foreach (var variant in Conv2dHostVariants.Wgrad.Where(v => v.Supports(host, shape)))
        {
            using var workspace = new AlignedMemory<float>(variant.WorkspaceElements(host, shape));
            using var dw = new AlignedMemory<float>(shape.FilterLength);
            using var db = new AlignedMemory<float>(shape.K);
            yield return new LadderCandidate(
                variant.Name,
                variant.MaxNmse,
                () => Run(variant, shape, xMap, dyMap, workspace, dw, db),
                channels => Read(dw, (shape with { K = channels }).FilterLength));
        }
    }

    // An iterator takes no address.
    private void Run(Conv2dWgradHost variant, Conv2dShape shape, OwnedMap x, OwnedMap dy, AlignedMemory<float> workspace, AlignedMemory<float> dw, AlignedMemory<float> db) =>
        variant.Run(host, shape, x.Map, dy.Map, 1, workspace.Address, dw.Address, db.Address);

    private static double[] Read(AlignedMemory<float> memory, int length) => BenchmarkValues.Doubles(new ReadOnlySpan<float>(memory.Address, length));

    private sealed class OwnedMap : IDisposable
    {
        private readonly AlignedMemory<float> memory;
        private readonly MapShape shape;

        public OwnedMap(MapShape shape)
        {
            this.shape = shape;
            memory = new AlignedMemory<float>(shape.Elements + shape.RowPitch);
        }

        public OwnedMap(MapShape shape, float[] dense) : this(shape)
        {
            int length = shape.W * shape.C;
            for (int row = 0; row < shape.N * shape.H; row++)
                dense.AsSpan(row * length, length).CopyTo(Map.Pixels(row / shape.H, row % shape.H));
        }

        public HostMap<float> Map => new(memory.Address, memory.Address + shape.Elements, shape);

        /// <summary>The first rows of the first picture.</summary>
        public double[] Read(int rows) => [.. Enumerable.Range(0, Math.Min(rows, shape.H)).SelectMany(y => BenchmarkValues.Doubles(Map.Pixels(0, y)))];

        public void Dispose() => memory.Dispose();
    }
}
