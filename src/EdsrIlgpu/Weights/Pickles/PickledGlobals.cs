namespace EdsrIlgpu.Weights.Pickles;

/// <summary>
/// The globals that PyTorch's state dicts, Paddle's and their NumPy arrays need, each with a meaning of our own; no other is
/// accepted, and nothing is ever imported or run.
/// </summary>
internal static class PickledGlobals
{
    // PyTorch has no tensor of more.
    private const int MostDimensions = 64;

    // Python's own, whose names hostile pickles call; advice to load such a file in Python would be bad advice.
    private static readonly string[] Libraries =
        ["os", "posix", "nt", "sys", "subprocess", "builtins", "__builtin__", "shutil", "socket", "runpy", "importlib", "ctypes", "pty", "webbrowser", "operator", "functools", "types", "code", "pickle", "_pickle", "marshal", "base64", "tempfile", "asyncio", "urllib", "http"];

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

        // NumPy before and since version 2.
        new("numpy.ndarray"),
        new("numpy.dtype", NewType),
        new("numpy.core.multiarray._reconstruct", NewArray),
        new("numpy._core.multiarray._reconstruct", NewArray),
        new("numpy.core.numeric._frombuffer", ArrayFromBuffer),
        new("numpy._core.numeric._frombuffer", ArrayFromBuffer),
        new("numpy.core.multiarray.scalar", Inert),
        new("numpy._core.multiarray.scalar", Inert),
        new("_codecs.encode", Encode),
        new("__builtin__.bytes", EmptyBytes),
        new("builtins.bytes", EmptyBytes),

        // How Paddle writes a tensor: tuple((name, array)), and eval('data', {'data': array}).
        new("builtins.tuple", Tuple),
        new("__builtin__.tuple", Tuple),
        new("builtins.eval", PaddleData),
        new("__builtin__.eval", PaddleData),

        // What training checkpoints have beside weights.
        new("collections.Counter", Inert),
        new("collections.defaultdict", Inert),
        new("builtins.dict"),
        new("builtins.list"),
        new("builtins.int"),
        new("builtins.set", Inert),
        new("__builtin__.set", Inert),
        new("argparse.Namespace", Inert),
        new("torch.Size", Inert),
        new("torch.device", Inert),
        new("torch.float32"),
        new("torch.float16"),
        new("torch.bfloat16"),
        new("torch.float64"),
    ]).ToDictionary(global => global.Name);

    /// <summary>The global of that name.</summary>
    /// <exception cref="WeightFileException">It is none of those that weights need.</exception>
    public static PickledGlobal Find(string module, string name) =>
        Known.TryGetValue($"{module}.{name}", out var global) ? global : throw Refused(module, name);

    private static WeightFileException Refused(string module, string name) => new(
        $"was refused and nothing in it was run: it names {Printable.Name($"{module}.{name}")}, which weights do not need. " + (Libraries.Contains(module.Split('.')[0])
            ? "Take the weights from a source that you trust, best as safetensors."
            : "It holds Python objects, perhaps the whole model: where it was made, save model.state_dict() alone, or safetensors."));

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

    /// <summary>(name, …): what follows says how to copy it.</summary>
    private static PickledType NewType(object?[] arguments) =>
        arguments is [string name, ..] ? new PickledType(name) : throw Malformed("a NumPy type");

    /// <summary>(ndarray, shape, type): of an empty array, whose state comes later.</summary>
    private static PickledArray NewArray(object?[] arguments) =>
        arguments is [PickledGlobal { Name: "numpy.ndarray" }, object?[], ..] ? new PickledArray() : throw Malformed("a NumPy array");

    /// <summary>(bytes, type, shape, order).</summary>
    private static PickledArray ArrayFromBuffer(object?[] arguments) =>
        arguments is [PickledBytes bytes, PickledType type, object?[] shape, "C" or "F"]
            ? PickledArray.Of(shape, type, arguments[3] is "F", bytes)
            : throw Malformed("a NumPy array");

    /// <summary>(text, 'latin1').</summary>
    private static PickledBytes Encode(object?[] arguments) => arguments switch
    {
        [string text, "latin1" or "latin-1"] => PickledText.Latin1(text),
        [PickledText text, "latin1" or "latin-1"] => text.Latin1(),
        _ => throw Malformed("bytes"),
    };

    /// <summary>(): how protocol 2 writes no bytes.</summary>
    private static PickledBytes EmptyBytes(object?[] arguments) => arguments.Length == 0 ? PickledBytes.Of([]) : throw Malformed("bytes");

    private static object?[] Tuple(object?[] arguments) => arguments is [object?[] items] ? items : throw Malformed("a tuple");

    /// <summary>The one expression that Paddle writes; nothing is evaluated, and every other is refused.</summary>
    private static object? PaddleData(object?[] arguments) =>
        arguments is ["data", OrderedDictionary<string, object?> { Count: 1 } names] && names.TryGetValue("data", out var data)
            ? data
            : throw Refused("builtins", "eval");

    private static InertObject Inert(object?[] arguments) => InertObject.Instance;

    private static long[] Longs(object?[] values) =>
        values.Length <= MostDimensions ? [.. values.Select(v => v is long number ? number : throw Malformed("a tensor's shape"))] : throw Malformed("a tensor's shape");

    private static WeightFileException Malformed(string what) => WeightFileException.Damaged("pickle", $"it builds {what} from something else than the library does that wrote it");
}
