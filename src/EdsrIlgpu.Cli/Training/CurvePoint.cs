namespace EdsrIlgpu.Cli.Training;

/// <summary>A value at a step.</summary>
/// <param name="Step">Steps made.</param>
/// <param name="Value">The value.</param>
internal readonly record struct CurvePoint(long Step, double Value);
