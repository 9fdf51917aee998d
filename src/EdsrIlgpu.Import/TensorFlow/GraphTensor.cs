using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.TensorFlow;

/// <summary>A tensor of a Const node.</summary>
/// <param name="Storage">Its elements, in row-major order.</param>
/// <param name="Shape">Its sizes.</param>
internal sealed record GraphTensor(TensorStorage Storage, long[] Shape)
{
    /// <summary>The first elements as integers, of a tensor of 32-bit ones.</summary>
    public int[] Integers(int most)
    {
        if (Storage.Type != TensorType.Int32)
            return [];
        var values = new int[(int)Math.Min(most, Storage.Count)];
        Storage.Read(0, System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }

    /// <summary>The only element of a tensor of one float; null for others.</summary>
    public float? Scalar => Storage.Count == 1 && Storage.Type.IsFloat ? new StoredTensor(Storage, []).Read()[0] : null;
}
