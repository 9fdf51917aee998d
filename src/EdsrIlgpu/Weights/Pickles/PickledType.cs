namespace EdsrIlgpu.Weights.Pickles;

/// <summary>A NumPy element type of a pickle: made of its name, as f4, then told its byte order, as &lt; or &gt;.</summary>
/// <param name="name">The type's name.</param>
internal sealed class PickledType(string name)
{
    private static readonly Dictionary<string, TensorType> Types = new()
    {
        ["f8"] = TensorType.Float64,
        ["f4"] = TensorType.Float32,
        ["f2"] = TensorType.Float16,
        ["i8"] = TensorType.Int64,
        ["i4"] = TensorType.Int32,
        ["i2"] = TensorType.Int16,
        ["i1"] = TensorType.Int8,
        ["u8"] = TensorType.UInt64,
        ["u4"] = TensorType.UInt32,
        ["u2"] = TensorType.UInt16,
        ["u1"] = TensorType.UInt8,
        ["b1"] = TensorType.Bool,
        ["c8"] = TensorType.Complex64,
        ["c16"] = TensorType.Complex128,
    };

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>The type of numbers it is; null if it is none, or another than weight files have.</summary>
    public TensorType? Type => Types.TryGetValue(name, out var type) ? type : null;

    /// <summary>Whether the bytes stand in the order that this machine has not.</summary>
    public bool BigEndian { get; private set; }

    /// <summary>What Python's __setstate__ is given: (version, byte order, …).</summary>
    /// <exception cref="WeightFileException">It is something else.</exception>
    public void SetState(object? state) =>
        BigEndian = state is object?[] and [long, string order, ..] ? order == ">" : throw WeightFileException.Damaged("pickle", "an array's type is given a state that NumPy does not write");
}
