namespace EdsrIlgpu.Kernels;

/// <summary>Where the elements of a dense array stand in a map.</summary>
public static class MapCopyReference
{
    /// <summary>The map's memory, every row stored, borders and padding zero.</summary>
    /// <param name="dense">[N, H, W, C].</param>
    /// <param name="shape">The map.</param>
    public static T[] Load<T>(T[] dense, MapShape shape)
    {
        var map = new T[shape.Elements];
        Walk(shape, (from, to) => map[to] = dense[from]);
        return map;
    }

    /// <summary>The dense [N, H, W, C] array that stands in a map's memory, every row stored.</summary>
    public static T[] Store<T>(T[] map, MapShape shape)
    {
        var dense = new T[(long)shape.N * shape.H * shape.W * shape.C];
        Walk(shape, (to, from) => dense[to] = map[from]);
        return dense;
    }

    private static void Walk(MapShape shape, Action<long, long> visit)
    {
        long i = 0;
        for (int n = 0; n < shape.N; n++)
            for (int y = 0; y < shape.H; y++)
                for (int x = 0; x < shape.W; x++)
                    for (int c = 0; c < shape.C; c++)
                        visit(i++, shape.Offset(n, y, x) + c);
    }
}
