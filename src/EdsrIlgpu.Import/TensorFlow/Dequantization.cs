using System.Runtime.InteropServices;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.TensorFlow;

/// <summary>
/// TensorFlow's Dequantize of 8-bit levels: value = offset + level · step, with step = (max − min) / 255. In mode MIN_COMBINED the offset
/// is min. In mode MIN_FIRST, which its quantize_weights writes, it is min rounded to a multiple of the step, so that 0 is one of the
/// values. (dequantize_op.cc and quantization_utils.h in TensorFlow's source.)
/// </summary>
/// <param name="Offset">The value of level 0.</param>
/// <param name="Step">From one level to the next.</param>
internal sealed record Dequantization(double Offset, double Step)
{
    private const int Steps = byte.MaxValue;

    /// <summary>The formula of a mode and a range; null for other modes.</summary>
    /// <exception cref="WeightFileException">The range is none.</exception>
    public static Dequantization? Of(string mode, float min, float max)
    {
        if (!float.IsFinite(max - min) || max < min)
            throw WeightFileException.Damaged(GraphReader.Container, FormattableString.Invariant($"it has 8-bit weights from {min} to {max}"));
        double step = ((double)max - min) / Steps;
        return mode switch
        {
            "MIN_COMBINED" => new(min, step),
            "MIN_FIRST" => new(step == 0 ? min : Math.Round(min / (float)step, MidpointRounding.AwayFromZero) * (float)step, step),
            _ => null,
        };
    }

    /// <summary>The values of levels, made when they are read.</summary>
    public TensorStorage Apply(TensorStorage levels) => new(TensorType.Float32, levels.Count)
    {
        Source = (offset, buffer) =>
        {
            var values = MemoryMarshal.Cast<byte, float>(buffer);
            var bytes = new byte[values.Length];
            levels.Read(offset / sizeof(float), bytes);
            for (int i = 0; i < bytes.Length; i++)
                values[i] = (float)(Offset + bytes[i] * Step);
        },
    };
}
