namespace EdsrIlgpu.Kernels;

/// <summary>What every operation checks before it launches.</summary>
internal static class MapCheck
{
    /// <exception cref="ArgumentException">The shapes differ in more than the rows they store.</exception>
    public static void SamePicture(MapShape actual, MapShape expected, string what)
    {
        if (actual.WithRows(expected.Rows) != expected)
            throw new ArgumentException($"The {what} is {actual}; it must be {expected}.");
    }

    /// <exception cref="ArgumentException">The output lies in the input's memory, where it would overwrite what is still read.</exception>
    public static void Apart(in HostMap<float> x, in HostMap<float> y)
    {
        if (y.Overlaps(x))
            throw SharedMemory();
    }

    /// <inheritdoc cref="Apart(in HostMap{float}, in HostMap{float})"/>
    public static void Apart(in DeviceMap<float> x, in DeviceMap<float> y)
    {
        if (y.Overlaps(x))
            throw SharedMemory();
    }

    /// <exception cref="ArgumentException">[<paramref name="y0"/>, <paramref name="y1"/>) is no range of rows.</exception>
    public static void Rows(int y0, int y1, int height)
    {
        if (y0 < 0 || y1 > height || y0 >= y1)
            throw new ArgumentException($"Rows {y0} to {y1} are no range of {height} rows.");
    }

    /// <exception cref="ArgumentException">A dense array of the map's picture has more than <paramref name="length"/> elements.</exception>
    public static void Dense(long length, MapShape map)
    {
        long needed = (long)map.N * map.H * map.W * map.C;
        if (length < needed)
            throw new ArgumentException($"A dense array of {map} has {needed} elements, not {length}.");
    }

    private static ArgumentException SharedMemory() => new("The output must not share memory with the input.");
}
