using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>
/// The epilogue of accelerator kernels: what becomes of sums, the bias already in them, before they are stored. A type
/// parameter without state, so that a kernel is compiled for it. PixelShuffle is none: it is where a kernel stores
/// (<see cref="Conv2dOutput"/>), not what.
/// </summary>
internal interface IEpilogue
{
    /// <summary>What is stored.</summary>
    /// <typeparam name="T">float or <see cref="Float4"/>: one channel, or four.</typeparam>
    /// <typeparam name="TLanes">Its arithmetic.</typeparam>
    /// <param name="sum">The sums.</param>
    /// <param name="scale">Factor before the residual is added.</param>
    /// <param name="residual">The residual map, or the mask; empty if there is neither.</param>
    /// <param name="at">The sums' own place in it.</param>
    static abstract T Apply<T, TLanes>(T sum, float scale, ArrayView<T> residual, long at)
        where T : unmanaged
        where TLanes : struct, ILanes<T>;
}
