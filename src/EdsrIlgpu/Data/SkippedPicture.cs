namespace EdsrIlgpu.Data;

/// <summary>A picture that is not trained on.</summary>
/// <param name="Name">What its source calls it.</param>
/// <param name="Reason">Why not, one line.</param>
public sealed record SkippedPicture(string Name, string Reason);
