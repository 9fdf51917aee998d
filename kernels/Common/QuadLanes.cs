namespace EdsrIlgpu.Kernels;

/// <summary>Four floats, for maps whose channels are a multiple of four.</summary>
internal readonly struct QuadLanes : ILanes<Float4>
{
    public static Float4 Relu(Float4 v) => new()
    {
        X = ScalarLanes.Relu(v.X),
        Y = ScalarLanes.Relu(v.Y),
        Z = ScalarLanes.Relu(v.Z),
        W = ScalarLanes.Relu(v.W),
    };

    public static Float4 WherePositive(Float4 mask, Float4 v) => new()
    {
        X = ScalarLanes.WherePositive(mask.X, v.X),
        Y = ScalarLanes.WherePositive(mask.Y, v.Y),
        Z = ScalarLanes.WherePositive(mask.Z, v.Z),
        W = ScalarLanes.WherePositive(mask.W, v.W),
    };

    public static Float4 MultiplyAdd(Float4 a, float scale, Float4 b) => new()
    {
        X = ScalarLanes.MultiplyAdd(a.X, scale, b.X),
        Y = ScalarLanes.MultiplyAdd(a.Y, scale, b.Y),
        Z = ScalarLanes.MultiplyAdd(a.Z, scale, b.Z),
        W = ScalarLanes.MultiplyAdd(a.W, scale, b.W),
    };
}
