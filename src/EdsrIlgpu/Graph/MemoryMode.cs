namespace EdsrIlgpu.Graph;

/// <summary>How a graph is executed; the result is the same, byte for byte.</summary>
/// <param name="BandRows">Input rows of a band when everything streams through rings; 0 to run head and body whole.</param>
/// <param name="KeepAll">Every value keeps its rows, as training and inspection need.</param>
public readonly record struct MemoryMode(int BandRows, bool KeepAll)
{
    /// <summary>Head and body one step after the other on whole maps, three of them in EDSR; the tail in bands.</summary>
    public static MemoryMode Whole => default;

    /// <summary>Every value has a map of its own.</summary>
    public static MemoryMode Everything => new(0, true);

    /// <summary>Rows stream through all steps in rings.</summary>
    /// <param name="rows">Input rows of a band, at least 1.</param>
    public static MemoryMode Bands(int rows) => new(rows >= 1 ? rows : throw new ArgumentOutOfRangeException(nameof(rows)), false);
}
