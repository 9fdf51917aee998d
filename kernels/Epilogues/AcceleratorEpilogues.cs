using ILGPU;

namespace EdsrIlgpu.Kernels;

/// <summary>The sums as they are.</summary>
internal readonly struct Bias : IEpilogue
{
    public static Float4 Apply(Float4 sum, float scale, ArrayView<Float4> residual, long at) => sum;

    public static float Apply(float sum, float scale, ArrayView<float> residual, long at) => sum;
}

/// <summary>max(0, sum); NaN stays NaN.</summary>
internal readonly struct BiasRelu : IEpilogue
{
    public static Float4 Apply(Float4 sum, float scale, ArrayView<Float4> residual, long at) => new()
    {
        X = sum.X < 0 ? 0 : sum.X,
        Y = sum.Y < 0 ? 0 : sum.Y,
        Z = sum.Z < 0 ? 0 : sum.Z,
        W = sum.W < 0 ? 0 : sum.W,
    };

    public static float Apply(float sum, float scale, ArrayView<float> residual, long at) => sum < 0 ? 0 : sum;
}

/// <summary>sum · scale + residual.</summary>
internal readonly struct BiasScaledResidual : IEpilogue
{
    public static Float4 Apply(Float4 sum, float scale, ArrayView<Float4> residual, long at)
    {
        var addend = residual[at];
        return new Float4
        {
            X = sum.X * scale + addend.X,
            Y = sum.Y * scale + addend.Y,
            Z = sum.Z * scale + addend.Z,
            W = sum.W * scale + addend.W,
        };
    }

    public static float Apply(float sum, float scale, ArrayView<float> residual, long at) => sum * scale + residual[at];
}
