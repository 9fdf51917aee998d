namespace EdsrIlgpu.PtxReport;

/// <summary>Why there is no report, in one line.</summary>
internal sealed class ReportException(string message) : Exception(message);
