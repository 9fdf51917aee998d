namespace EdsrIlgpu.Weights;

/// <summary>
/// The globals that a PyTorch state dict needs, each with a meaning of our own; no other is accepted, and nothing is ever
/// imported or run.
/// </summary>
internal static class PyTorchGlobals
{
    private static readonly Dictionary<string, PickledGlobal> Known = ((PickledGlobal[])
    [
        new("collections.OrderedDict", OrderedDict),
        new("torch._utils._rebuild_tensor", RebuildTensor),
        new("torch._utils._rebuild_tensor_v2", RebuildTensor),
        new("torch._utils._rebuild_parameter", RebuildParameter),
        new("torch.DoubleStorage", Storage: TensorType.Float64),
        new("torch.FloatStorage", Storage: TensorType.Float32),
        new("torch.HalfStorage", Storage: TensorType.Float16),
        new("torch.BFloat16Storage", Storage: TensorType.BFloat16),
        new("torch.LongStorage", Storage: TensorType.Int64),
        new("torch.IntStorage", Storage: TensorType.Int32),
        new("torch.ShortStorage", Storage: TensorType.Int16),
        new("torch.CharStorage", Storage: TensorType.Int8),
        new("torch.ByteStorage", Storage: TensorType.UInt8),
        new("torch.BoolStorage", Storage: TensorType.Bool),
        new("torch.ComplexFloatStorage", Storage: TensorType.Complex64),
        new("torch.ComplexDoubleStorage", Storage: TensorType.Complex128),
    ]).ToDictionary(global => global.Name);

    /// <summary>The global of that name.</summary>
    /// <exception cref="WeightFileException">It is none of those that weights need.</exception>
    public static PickledGlobal Find(string module, string name) =>
        Known.TryGetValue($"{module}.{name}", out var global) ? global : throw new WeightFileException(
            $"was refused and nothing in it was run: it names {Printable.Name($"{module}.{name}")}, which weights do not need. Save the bare state dict, or safetensors.");

    private static OrderedDictionary<string, object?> OrderedDict(object?[] arguments)
    {
        var dictionary = new OrderedDictionary<string, object?>();
        if (arguments is [List<object?> pairs])
            foreach (var pair in pairs)
            {
                if (pair is not (List<object?> { Count: 2 } or object?[] { Length: 2 }))
                    throw Malformed("OrderedDict");
                var (key, value) = pair is List<object?> list ? (list[0], list[1]) : (((object?[])pair)[0], ((object?[])pair)[1]);
                dictionary[Unpickler.Key(key)] = value;
            }
        else if (arguments.Length > 0)
            throw Malformed("OrderedDict");
        return dictionary;
    }

    /// <summary>(storage, offset, size, stride, …): what follows, gradients and hooks, has no meaning for values.</summary>
    private static StoredTensor RebuildTensor(object?[] arguments) =>
        arguments is [TensorStorage storage, long offset, object?[] size, object?[] stride, ..]
            ? new StoredTensor(storage, offset, Longs(size), Longs(stride))
            : throw Malformed("a tensor");

    /// <summary>(data, requires_grad, hooks).</summary>
    private static StoredTensor RebuildParameter(object?[] arguments) =>
        arguments is [StoredTensor tensor, ..] ? tensor : throw Malformed("a parameter");

    private static long[] Longs(object?[] values) => [.. values.Select(v => v is long number ? number : throw Malformed("a tensor's shape"))];

    private static WeightFileException Malformed(string what) => WeightFileException.Damaged("PyTorch", $"it builds {what} from something else than PyTorch does");
}
