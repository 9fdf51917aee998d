namespace EdsrIlgpu.Kernels;

/// <summary>How host kernels share out a flat buffer: in pieces of one length, whatever the number of threads.</summary>
internal static class FlatPieces
{
    /// <summary>Elements of a piece; the last may be shorter. A few of them fit the caches of a core.</summary>
    public const int Length = 1 << 14;

    /// <summary>Pieces of a buffer.</summary>
    public static int Count(int length) => (int)(((long)length + Length - 1) / Length);

    /// <summary>Where a piece begins and ends.</summary>
    public static (int Begin, int End) Range(int piece, int length) => (piece * Length, (int)Math.Min(length, (piece + 1L) * Length));
}
