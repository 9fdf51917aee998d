namespace EdsrIlgpu.Kernels.Tests.Host;

/// <summary>
/// A host map in the middle of poisoned memory: guards before and behind it, the padding of its rows, and at first its pixels
/// hold NaN, so that whatever is read without having been written shows, and whatever is written beside the pixels too.
/// </summary>
internal sealed unsafe class GuardedMap : IDisposable
{
    public const int Guard = 256;

    private const uint Poison = 0x7FC0DEAD;

    private readonly AlignedMemory<float> memory;

    public GuardedMap(MapShape shape)
    {
        Shape = shape;
        memory = new AlignedMemory<float>(shape.Elements + shape.RowPitch + 3 * Guard);
        new Span<uint>(memory.Address, (int)memory.Length).Fill(Poison);
        new Span<float>(ZeroRow, (int)shape.RowPitch).Clear();
        Map.ZeroBorders();
    }

    public GuardedMap(MapShape shape, double[] dense) : this(shape) => Fill(dense, 0, shape.H);

    public MapShape Shape { get; }

    public HostMap<float> Map => new(memory.Address + Guard, ZeroRow, Shape);

    /// <summary>All of the memory; the map begins <see cref="Guard"/> behind its start.</summary>
    public Span<float> Memory => new(memory.Address, (int)memory.Length);

    /// <summary>Where in <see cref="Memory"/> the zero row begins.</summary>
    public long ZeroRowOffset => Shape.Elements + 2 * Guard;

    private float* ZeroRow => memory.Address + ZeroRowOffset;

    /// <summary>Writes rows of the dense [N, H, W, C] picture; in a ring they take the place of earlier ones.</summary>
    public void Fill(double[] dense, int y0, int y1)
    {
        int length = Shape.W * Shape.C;
        for (int n = 0; n < Shape.N; n++)
            for (int y = y0; y < y1; y++)
                for (int i = 0; i < length; i++)
                    Map.Pixels(n, y)[i] = (float)dense[((long)n * Shape.H + y) * length + i];
    }

    public double[] Read(int y0, int y1)
    {
        var dense = new List<double>();
        for (int n = 0; n < Shape.N; n++)
            for (int y = y0; y < y1; y++)
                foreach (float v in Map.Pixels(n, y))
                    dense.Add(v);
        return [.. dense];
    }

    /// <summary>Everything but the pixels is as it was.</summary>
    public void AssertUntouchedAround()
    {
        var isPixel = new bool[memory.Length];
        for (int n = 0; n < Shape.N; n++)
            for (int row = 0; row < Shape.Rows; row++)
                Array.Fill(isPixel, true, (int)(Guard + Shape.Border(n, row)) + Shape.C, Shape.W * Shape.C);
        for (long i = 0; i < memory.Length; i++)
        {
            if (isPixel[i])
                continue;
            uint bits = ((uint*)memory.Address)[i];
            bool zero = memory.Address + i >= ZeroRow && memory.Address + i < ZeroRow + Shape.RowPitch || IsBorder(i - Guard);
            Assert.True(bits == (zero ? 0 : Poison), $"{Shape}: element {i - Guard} beside the pixels was written: {bits:x8}.");
        }
    }

    /// <summary>Poisons the border columns, which no map that is in use may have.</summary>
    public void PoisonBorders()
    {
        for (long i = 0; i < Shape.Elements; i++)
            if (IsBorder(i))
                ((uint*)memory.Address)[Guard + i] = Poison;
    }

    public void Dispose() => memory.Dispose();

    private bool IsBorder(long offset)
    {
        if (offset < 0 || offset >= Shape.Elements)
            return false;
        long column = offset % Shape.RowPitch;
        return column < Shape.C || column >= (Shape.W + 1L) * Shape.C && column < (Shape.W + 2L) * Shape.C;
    }
}
