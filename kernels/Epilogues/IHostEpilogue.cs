namespace EdsrIlgpu.Kernels;

/// <summary>
/// The epilogue of the host's convolutions: what becomes of a vector of sums, the bias already in them, before it is stored.
/// PixelShuffle is no epilogue here: the caller gives the address of the run of an output row that the sums belong to.
/// </summary>
internal unsafe interface IHostEpilogue
{
    V Apply<TSimd, V>(V sum, float* residual) where TSimd : struct, ISimd<V> where V : struct;

    /// <summary>The same for one sum.</summary>
    float Apply(float sum, float* residual);
}
