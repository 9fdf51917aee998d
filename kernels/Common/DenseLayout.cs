namespace EdsrIlgpu.Kernels;

/// <summary>A dense [N, H, W, C] array as accelerator kernels take it; offsets count elements.</summary>
internal readonly struct DenseLayout(MapShape shape)
{
    private readonly int height = shape.H, rowLength = shape.W * shape.C;

    /// <summary>Offset of the first element of a row.</summary>
    public long Row(int n, int y) => ((long)n * height + y) * rowLength;
}
