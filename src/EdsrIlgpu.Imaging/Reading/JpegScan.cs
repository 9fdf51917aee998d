namespace EdsrIlgpu.Imaging.Reading;

/// <summary>How far the data of a JPEG file makes a picture.</summary>
/// <param name="SoundRows">Rows from the top that are not damaged.</param>
/// <param name="Problem">What is wrong with the next one; null if all rows are sound.</param>
/// <param name="EndsThere">Whether the data ends there: the rows below are missing, not wrong.</param>
internal sealed record JpegScan(int SoundRows, string? Problem, bool EndsThere = false);
