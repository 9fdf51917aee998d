namespace EdsrIlgpu.Imaging.Reading;

/// <summary>How far the data of a JPEG file makes a picture.</summary>
/// <param name="Problem">What is wrong; null if nothing is.</param>
/// <param name="Row">The row where that shows. The fault itself lies there or above.</param>
/// <param name="EndsThere">Whether the data ends there, so that rows are missing.</param>
/// <param name="IsCutShort">Whether the file ends there: the rows above are sound.</param>
internal sealed record JpegScan(string? Problem = null, int Row = 0, bool EndsThere = false, bool IsCutShort = false);
