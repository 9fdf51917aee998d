using EdsrIlgpu.Data;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Training;

/// <summary>
/// Random weights to begin with, as PyTorch's Conv2d has them: filter and bias uniform in ±1/√(9C), which is He's initialisation
/// (arXiv 1502.01852) with a = √5. They follow from the seed alone, on every device.
/// </summary>
public static class InitialWeights
{
    /// <summary>A network of random weights.</summary>
    /// <exception cref="ArgumentException">The scale is no product of 2s and 3s.</exception>
    public static EdsrModel Draw(EdsrConfig config, ulong seed)
    {
        var parameters = new Dictionary<string, float[]>();
        foreach (var (name, k, c, _) in Edsr.Build(config).Parameters)
        {
            double bound = 1 / Math.Sqrt(9.0 * c);
            parameters[$"{name}.weight"] = Uniform(9 * k * c, bound, seed, (ulong)parameters.Count);
            parameters[$"{name}.bias"] = Uniform(k, bound, seed, (ulong)parameters.Count);
        }
        return new EdsrModel(config, parameters);
    }

    private static float[] Uniform(int length, double bound, ulong seed, ulong tensor)
    {
        var values = new float[length];
        for (int i = 0; i < length; i += 4)
        {
            var random = Philox.Draw(seed, (uint)RandomPurpose.InitialWeights, tensor, (uint)(i / 4));
            ReadOnlySpan<uint> words = [random.A, random.B, random.C, random.D];
            for (int j = 0; j < Math.Min(4, length - i); j++)
                values[i + j] = (float)(((words[j] + 0.5) / (1L << 31) - 1) * bound);
        }
        return values;
    }
}
