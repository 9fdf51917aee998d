namespace EdsrIlgpu.Kernels;

/// <summary>One float.</summary>
internal readonly struct ScalarLanes : ILanes<float>
{
    public static float Relu(float v) => v < 0 ? 0 : v;

    public static float WherePositive(float mask, float v) => mask > 0 ? v : 0;

    public static float MultiplyAdd(float a, float scale, float b) => a * scale + b;
}
