namespace EdsrIlgpu.Weights.Pickles;

/// <summary>
/// A NumPy array of a pickle. It comes into being empty and is given its state later: (version, shape, type, whether in Fortran's
/// order, bytes).
/// </summary>
internal sealed class PickledArray
{
    // NumPy itself has no array of more.
    private const int MostDimensions = 64;

    /// <summary>The array's values; null until it has its state.</summary>
    public StoredTensor? Tensor { get; private set; }

    /// <summary>An array that is given its state at once.</summary>
    /// <exception cref="WeightFileException">It is no array of numbers, or has another number of bytes than its shape needs.</exception>
    public static PickledArray Of(object?[] shape, PickledType type, bool fortran, PickledBytes bytes)
    {
        var array = new PickledArray();
        array.SetState(shape, type, fortran, bytes);
        return array;
    }

    /// <summary>What Python's __setstate__ is given.</summary>
    /// <exception cref="WeightFileException">It is no array of numbers, or has another number of bytes than its shape needs.</exception>
    public void SetState(object? state)
    {
        switch (state)
        {
            case object?[] and [long, object?[] shape, PickledType type, bool fortran, PickledBytes bytes]:
                SetState(shape, type, fortran, bytes);
                break;
            // Python 2 wrote them as a string.
            case object?[] and [long, object?[] shape, PickledType type, bool fortran, string text]:
                SetState(shape, type, fortran, PickledText.Latin1(text));
                break;
            case object?[] and [long, object?[], PickledType, bool, List<object?>]:
                throw new WeightFileException("has an array of Python objects where numbers are needed: save each weight as an array of floats.");
            default:
                throw Malformed("is given a state that NumPy does not write");
        }
    }

    private void SetState(object?[] sizes, PickledType type, bool fortran, PickledBytes bytes)
    {
        if (sizes.Length > MostDimensions)
            throw Malformed($"has {sizes.Length} dimensions");
        long[] shape = [.. sizes.Select(size => size is long and >= 0 and var number ? number : throw Malformed("has an impossible shape"))];
        if (type.Type is not { } element)
            throw new WeightFileException($"has an array of the NumPy type '{Printable.Name(type.Name)}', which no weight has: save floats.");
        if (StoredTensor.Product([.. shape, element.Bytes]) != bytes.Length)
            throw Malformed($"of shape {Printable.Shape(shape)} has {bytes.Length} bytes");
        var storage = new TensorStorage(element, bytes.Length / element.Bytes) { Source = type.BigEndian ? TensorStorage.Swapped(bytes.Read, element.Bytes) : bytes.Read };
        Tensor = fortran ? new StoredTensor(storage, 0, shape, FortranStrides(shape)) : new StoredTensor(storage, shape);
    }

    private static long[] FortranStrides(long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int d = 0; d < shape.Length; d++)
        {
            strides[d] = stride;
            stride *= Math.Max(1, shape[d]);
        }
        return strides;
    }

    private static WeightFileException Malformed(string what) => WeightFileException.Damaged("pickle", $"an array {what}");
}
