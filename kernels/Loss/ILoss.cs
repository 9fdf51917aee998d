using System.Numerics;

namespace EdsrIlgpu.Kernels;

/// <summary>A loss as a type parameter, so that kernels are compiled for it: what one sample, d = y − target, adds, and its slope.</summary>
internal interface ILoss
{
    /// <summary>Factor of the slope: what <see cref="Slope(float, float)"/> is told is this, divided by the number of samples.</summary>
    static abstract int SlopeFactor { get; }

    static abstract float Term(float d);

    /// <summary>The derivative of the mean by y.</summary>
    static abstract float Slope(float d, float scale);

    static abstract Vector<float> Term(Vector<float> d);

    static abstract Vector<float> Slope(Vector<float> d, Vector<float> scale);
}

/// <summary>|d|; the slope at 0 is 0, and NaN stays NaN.</summary>
internal readonly struct L1Loss : ILoss
{
    public static int SlopeFactor => 1;

    public static float Term(float d) => d < 0 ? -d : d;

    public static float Slope(float d, float scale) => d > 0 ? scale : d < 0 ? -scale : d;

    public static Vector<float> Term(Vector<float> d) => Vector.Abs(d);

    public static Vector<float> Slope(Vector<float> d, Vector<float> scale) =>
        Vector.ConditionalSelect(Vector.GreaterThan(d, Vector<float>.Zero), scale, Vector.ConditionalSelect(Vector.LessThan(d, Vector<float>.Zero), -scale, d));
}

/// <summary>d².</summary>
internal readonly struct MseLoss : ILoss
{
    public static int SlopeFactor => 2;

    public static float Term(float d) => d * d;

    public static float Slope(float d, float scale) => d * scale;

    public static Vector<float> Term(Vector<float> d) => d * d;

    public static Vector<float> Slope(Vector<float> d, Vector<float> scale) => d * scale;
}
