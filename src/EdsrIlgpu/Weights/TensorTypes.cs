using System.Runtime.InteropServices;

namespace EdsrIlgpu.Weights;

/// <summary>Sizes of element types, and the way from their bytes to floats.</summary>
internal static class TensorTypes
{
    extension(TensorType type)
    {
        /// <summary>Bytes of an element.</summary>
        public int Bytes => type switch
        {
            TensorType.Complex128 => 16,
            TensorType.Float64 or TensorType.Int64 or TensorType.UInt64 or TensorType.Complex64 => 8,
            TensorType.Float32 or TensorType.Int32 or TensorType.UInt32 => 4,
            TensorType.Float16 or TensorType.BFloat16 or TensorType.Int16 or TensorType.UInt16 => 2,
            _ => 1,
        };

        /// <summary>Whether <see cref="ToFloats"/> reads it.</summary>
        public bool IsFloat => type is TensorType.Float64 or TensorType.Float32 or TensorType.Float16 or TensorType.BFloat16;

        /// <summary>Little-endian elements as floats; 64-bit ones are rounded to the nearest.</summary>
        /// <exception cref="WeightFileException">No floating-point type of 16 bits or more.</exception>
        public void ToFloats(ReadOnlySpan<byte> bytes, Span<float> values)
        {
            switch (type)
            {
                case TensorType.Float32:
                    MemoryMarshal.Cast<byte, float>(bytes).CopyTo(values);
                    break;
                case TensorType.Float64:
                    var doubles = MemoryMarshal.Cast<byte, double>(bytes);
                    for (int i = 0; i < doubles.Length; i++)
                        values[i] = (float)doubles[i];
                    break;
                case TensorType.Float16:
                    var halves = MemoryMarshal.Cast<byte, Half>(bytes);
                    for (int i = 0; i < halves.Length; i++)
                        values[i] = (float)halves[i];
                    break;
                case TensorType.BFloat16:
                    var tops = MemoryMarshal.Cast<byte, ushort>(bytes);
                    for (int i = 0; i < tops.Length; i++)
                        values[i] = BitConverter.UInt32BitsToSingle((uint)tops[i] << 16);
                    break;
                default:
                    throw new WeightFileException($"has weights of type {type}: give a file of floating-point weights.");
            }
        }
    }
}
