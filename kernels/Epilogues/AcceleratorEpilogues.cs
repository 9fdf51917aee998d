using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>The sums as they are.</summary>
internal readonly struct Bias : IEpilogue
{
    public static T Apply<T, TLanes>(T sum, float scale, ArrayView<T> residual, long at)
        where T : unmanaged
        where TLanes : struct, ILanes<T> => sum;
}

/// <summary>max(0, sum); NaN stays NaN.</summary>
internal readonly struct BiasRelu : IEpilogue
{
    public static T Apply<T, TLanes>(T sum, float scale, ArrayView<T> residual, long at)
        where T : unmanaged
        where TLanes : struct, ILanes<T> => TLanes.Relu(sum);
}

/// <summary>sum · scale + residual.</summary>
internal readonly struct BiasScaledResidual : IEpilogue
{
    public static T Apply<T, TLanes>(T sum, float scale, ArrayView<T> residual, long at)
        where T : unmanaged
        where TLanes : struct, ILanes<T> => TLanes.MultiplyAdd(sum, scale, residual[at]);
}

/// <summary>The sum where the map in the residual's place is above 0, else 0.</summary>
internal readonly struct ReluMask : IEpilogue
{
    public static T Apply<T, TLanes>(T sum, float scale, ArrayView<T> residual, long at)
        where T : unmanaged
        where TLanes : struct, ILanes<T> => TLanes.WherePositive(residual[at], sum);
}
