namespace EdsrIlgpu.Weights.Pickles;

/// <summary>One of the few functions and types that a weight file's pickle may name.</summary>
/// <param name="Name">Module and name.</param>
/// <param name="Call">What calling it stands for; null where it is only named.</param>
/// <param name="Storage">The element type, if it names a storage.</param>
internal sealed record PickledGlobal(string Name, Func<object?[], object?>? Call = null, TensorType? Storage = null);
