namespace EdsrIlgpu.Tests.Import;

/// <summary>A filter in 8 bits, as TensorFlow's quantize_weights writes it, and its values as Dequantize gives them.</summary>
internal static class Quantised
{
    /// <summary>The three constants and the Dequantize node that stand for a filter.</summary>
    public static IEnumerable<ProtoWriter> Nodes(string name, byte[] levels, float min, float max, long[] shape, string? mode)
    {
        yield return TensorFlowNode.Const($"{name}_quantized_const", TensorFlowNode.QuantisedUInt8, TensorFlowNode.Tensor(TensorFlowNode.QuantisedUInt8, shape).Bytes(4, levels));
        yield return TensorFlowNode.Scalar($"{name}_quantized_min", min);
        yield return TensorFlowNode.Scalar($"{name}_quantized_max", max);
        (string, ProtoWriter)[] attributes = mode is null ? [] : [TensorFlowNode.Text("mode", mode)];
        yield return TensorFlowNode.Node("Dequantize", name, [$"{name}_quantized_const", $"{name}_quantized_min", $"{name}_quantized_max"],
            [TensorFlowNode.Type("T", TensorFlowNode.QuantisedUInt8), .. attributes]);
    }

    /// <summary>Rounds a filter to 8 bits; what is left of it is written back.</summary>
    public static (byte[] Levels, float Min, float Max) Round(float[] values, string? mode)
    {
        float min = Math.Min(0, values.Min()), max = Math.Max(0, values.Max());
        double step = (max - (double)min) / 255, zero = mode == "MIN_FIRST" ? Math.Round(min / step) * step : min;
        byte[] levels = [.. values.Select(v => (byte)Math.Clamp(Math.Round((v - zero) / step), 0, 255))];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(zero + levels[i] * step);
        return (levels, min, max);
    }
}
