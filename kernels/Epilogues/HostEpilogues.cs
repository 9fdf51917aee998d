namespace EdsrIlgpu.Kernels;

/// <summary>The sums as they are.</summary>
internal readonly unsafe struct HostBias : IHostEpilogue
{
    public V Apply<TSimd, V>(V sum, float* residual) where TSimd : struct, ISimd<V> where V : struct => sum;

    public float Apply(float sum, float* residual) => sum;
}

/// <summary>max(0, sum).</summary>
internal readonly unsafe struct HostBiasRelu : IHostEpilogue
{
    public V Apply<TSimd, V>(V sum, float* residual) where TSimd : struct, ISimd<V> where V : struct => TSimd.Relu(sum);

    public float Apply(float sum, float* residual) => sum < 0 ? 0 : sum;
}

/// <summary>sum · scale + residual.</summary>
internal readonly unsafe struct HostBiasScaledResidual(float scale) : IHostEpilogue
{
    public V Apply<TSimd, V>(V sum, float* residual) where TSimd : struct, ISimd<V> where V : struct =>
        TSimd.MultiplyAdd(sum, TSimd.Broadcast(scale), TSimd.Load(residual));

    public float Apply(float sum, float* residual) => sum * scale + *residual;
}

/// <summary>The sum where the map in the residual's place is above 0, else 0.</summary>
internal readonly unsafe struct HostReluMask : IHostEpilogue
{
    public V Apply<TSimd, V>(V sum, float* residual) where TSimd : struct, ISimd<V> where V : struct =>
        TSimd.WherePositive(TSimd.Load(residual), sum);

    public float Apply(float sum, float* residual) => *residual > 0 ? sum : 0;
}
