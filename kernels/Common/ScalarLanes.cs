namespace EdsrIlgpu.Kernels;

/// <summary>One float.</summary>
internal readonly struct ScalarLanes : ILanes<float>
{
    public static float Relu(float v) => v < 0 ? 0 : v;

    public static float MultiplyAdd(float a, float scale, float b) => a * scale + b;
}
