namespace EdsrIlgpu.Kernels;

/// <summary>The environment forces a variant that does not exist, or does not compute what is asked for.</summary>
/// <param name="message">Which, and what there is instead.</param>
public sealed class ForcedVariantException(string message) : ArgumentException(message);
