using System.Runtime.InteropServices;

namespace EdsrIlgpu.Weights;

/// <summary>A tensor in a file: a strided view of a storage, checked to lie inside it, read on demand.</summary>
internal sealed class StoredTensor
{
    private readonly TensorStorage storage;
    private readonly long offset;
    private readonly long[] shape, strides;

    /// <param name="storage">Where the elements lie.</param>
    /// <param name="offset">Element of the storage that is the tensor's first.</param>
    /// <param name="shape">Sizes.</param>
    /// <param name="strides">Elements from one index to the next, per dimension.</param>
    /// <exception cref="WeightFileException">The view is malformed or leaves its storage.</exception>
    public StoredTensor(TensorStorage storage, long offset, long[] shape, long[] strides)
    {
        (this.storage, this.offset, this.shape, this.strides) = (storage, offset, shape, strides);
        if (shape.Length != strides.Length || offset < 0 || shape.Any(s => s < 0) || strides.Any(s => s < 0))
            throw Malformed();
        Count = Product(shape) ?? throw Malformed();
        try
        {
            Span = Count == 0 ? 0 : shape.Zip(strides, (size, stride) => checked((size - 1) * stride)).Aggregate(1L, (sum, term) => checked(sum + term));
        }
        catch (OverflowException)
        {
            throw Malformed();
        }
        if (Span > storage.Count || offset > storage.Count - Span)
            throw new WeightFileException($"has a tensor of shape {Printable.Shape(shape)} that reaches beyond its storage of {storage.Count} elements. Fetch it or write it again.");
    }

    /// <summary>A whole storage as one contiguous tensor.</summary>
    public StoredTensor(TensorStorage storage, long[] shape) : this(storage, 0, shape, Contiguous(shape)) { }

    /// <summary>Type of the elements.</summary>
    public TensorType Type => storage.Type;

    /// <summary>Sizes, the slowest first.</summary>
    public IReadOnlyList<long> Shape => shape;

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>Elements of the storage from the tensor's first to its last: so many are looked at to read it.</summary>
    public long Span { get; }

    /// <summary>The product of sizes that are at least 0; null where it exceeds 63 bits.</summary>
    public static long? Product(long[] sizes)
    {
        if (sizes.Contains(0))
            return 0;
        long product = 1;
        foreach (long size in sizes)
        {
            if (product > long.MaxValue / size)
                return null;
            product *= size;
        }
        return product;
    }

    /// <summary>The elements in row-major order, as floats.</summary>
    /// <exception cref="WeightFileException">No floating-point type, or the view repeats elements.</exception>
    public float[] Read()
    {
        // A view that repeats elements could claim any size from a few bytes.
        if (Count > storage.Count || Span > Array.MaxLength / Type.Bytes)
            throw new WeightFileException($"has a tensor of shape {Printable.Shape(shape)} on a storage of {storage.Count} elements, which no weight needs. Save a contiguous copy of it.");
        var values = new float[Count];
        if (Count == Span && strides.SequenceEqual(Contiguous(shape)) && Type == TensorType.Float32)
        {
            storage.Read(offset, MemoryMarshal.AsBytes(values.AsSpan()));
            return values;
        }
        var window = new float[Span];
        if (Type == TensorType.Float32)
            storage.Read(offset, MemoryMarshal.AsBytes(window.AsSpan()));
        else
        {
            var bytes = new byte[Span * Type.Bytes];
            storage.Read(offset, bytes);
            Type.ToFloats(bytes, window);
        }
        Gather(window, values);
        return values;
    }

    /// <summary>Picks the view's elements out of the window that it spans.</summary>
    private void Gather(float[] window, float[] values)
    {
        var index = new long[shape.Length];
        long at = 0;
        for (long i = 0; i < values.Length; i++)
        {
            values[i] = window[at];
            for (int d = shape.Length - 1; d >= 0; d--)
            {
                at += strides[d];
                if (++index[d] < shape[d])
                    break;
                at -= strides[d] * shape[d];
                index[d] = 0;
            }
        }
    }

    private static long[] Contiguous(long[] shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int d = shape.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= Math.Max(1, shape[d]);
        }
        return strides;
    }

    private WeightFileException Malformed() => new($"has a tensor of the impossible shape {Printable.Shape(shape)}. Fetch it or write it again.");
}
