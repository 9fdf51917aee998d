namespace EdsrIlgpu.Training;

/// <summary>How far a run has come, beside its weights.</summary>
/// <param name="LogLength">Bytes of the log that belong to the steps made.</param>
/// <param name="Validated">Steps made at the latest validation; 0 for none.</param>
/// <param name="BestStep">Steps made at the best validation; 0 for none.</param>
/// <param name="BestPsnr">Its PSNR in dB.</param>
public readonly record struct RunProgress(long LogLength, long Validated, long BestStep, double BestPsnr);
