using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Tests.Goldens;

/// <summary>A host map that is NaN wherever nothing was written, so that whatever is read too early shows.</summary>
internal sealed unsafe class PoisonedMap : IDisposable
{
    private readonly AlignedMemory<float> memory;
    private readonly MapShape shape;

    public PoisonedMap(MapShape shape)
    {
        this.shape = shape;
        memory = new AlignedMemory<float>(shape.Elements + shape.RowPitch);
        new Span<float>(memory.Address, (int)shape.Elements).Fill(float.NaN);
        Map.ZeroBorders();
    }

    /// <param name="shape">The map.</param>
    /// <param name="dense">[N, H, W, C].</param>
    public PoisonedMap(MapShape shape, float[] dense) : this(shape)
    {
        for (int row = 0; row < shape.N * shape.H; row++)
            dense.AsSpan(row * shape.W * shape.C, shape.W * shape.C).CopyTo(Map.Pixels(row / shape.H, row % shape.H));
    }

    public HostMap<float> Map => new(memory.Address, memory.Address + shape.Elements, shape);

    /// <summary>The pixels, [N, H, W, C].</summary>
    public float[] Read()
    {
        var dense = new float[shape.N * shape.H * shape.W * shape.C];
        for (int row = 0; row < shape.N * shape.H; row++)
            Map.Pixels(row / shape.H, row % shape.H).CopyTo(dense.AsSpan(row * shape.W * shape.C));
        return dense;
    }

    public void Dispose() => memory.Dispose();
}
