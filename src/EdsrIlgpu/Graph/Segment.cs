namespace EdsrIlgpu.Graph;

/// <summary>Consecutive steps that advance together.</summary>
/// <param name="First">First step.</param>
/// <param name="End">Step after the last.</param>
/// <param name="Rows">Input rows by which the segment advances at most; <see cref="Whole"/> runs one step after the other.</param>
public readonly record struct Segment(int First, int End, int Rows)
{
    /// <summary>The whole picture at once.</summary>
    public const int Whole = int.MaxValue;

    /// <summary>Whether the segment runs in bands of rows.</summary>
    public bool IsBanded => Rows != Whole;
}
