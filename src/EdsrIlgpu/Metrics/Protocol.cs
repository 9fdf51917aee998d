namespace EdsrIlgpu.Metrics;

/// <summary>Which samples of two pictures are compared.</summary>
public enum Protocol
{
    /// <summary>Luma (BT.601, rounded to 8 bits), without a frame of <c>scale</c> pixels: Set5, Set14, B100, Urban100 in papers.</summary>
    Y,

    /// <summary>R, G and B together, without a frame of 6 + <c>scale</c> pixels: DIV2K in papers.</summary>
    Rgb,

    /// <summary>R, G and B together, whole pictures; the tutorial's own figure beside the true one.</summary>
    Tutorial,
}
