using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The epilogue of accelerator kernels: what becomes of sums, the bias already in them, before they are stored. A type
/// parameter without state, so that a kernel is compiled for it. PixelShuffle is none: it is where a kernel stores
/// (<see cref="Conv2dOutput"/>), not what.
/// </summary>
internal interface IEpilogue
{
    /// <summary>Four channels.</summary>
    /// <param name="sum">The sums.</param>
    /// <param name="scale">Factor before the residual is added.</param>
    /// <param name="residual">The residual map.</param>
    /// <param name="at">Where in it the sums' own place is.</param>
    static abstract Float4 Apply(Float4 sum, float scale, ArrayView<Float4> residual, long at);

    /// <summary>One channel.</summary>
    static abstract float Apply(float sum, float scale, ArrayView<float> residual, long at);
}
