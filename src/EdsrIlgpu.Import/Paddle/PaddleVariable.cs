namespace EdsrIlgpu.Import.Paddle;

/// <summary>A weight as a program names it.</summary>
/// <param name="Name">As generated (conv2d_0.w_0) or given.</param>
/// <param name="Shape">Its sizes.</param>
internal sealed record PaddleVariable(string Name, IReadOnlyList<long> Shape);
