using EdsrIlgpu.Weights.Pickles;

namespace EdsrIlgpu.Weights.PyTorch;

/// <summary>The storages that a PyTorch pickle refers to by persistent id: ('storage', type, key, location, count[, view]).</summary>
internal sealed class PyTorchStorages
{
    private readonly OrderedDictionary<string, TensorStorage> storages = [];

    /// <summary>The storages by key.</summary>
    public IReadOnlyDictionary<string, TensorStorage> ByKey => storages;

    /// <summary>
    /// The storage of a persistent id; where it lies in the file is found later. The location (cpu, cuda:0) has no meaning here. The
    /// legacy format's sixth item is None, or (key, offset, count) of a view.
    /// </summary>
    /// <exception cref="WeightFileException">It is no such tuple, or contradicts an earlier one.</exception>
    public object Find(object? id)
    {
        // Before version 1.6 a module of a whole model was persistent, too.
        if (id is object?[] and ["module", ..])
            throw new WeightFileException("holds a whole model and not only its weights: where it was made, save model.state_dict() alone, or safetensors.");
        if (id is not object?[] tuple || tuple is not ["storage", PickledGlobal { Storage: { } type }, var key, _, long and >= 0 and var count, .. var rest]
            || rest is not ([] or [null] or [object?[]]))
            throw Damaged("a storage is described by something else than PyTorch writes");
        string name = Unpickler.Key(key);
        if (!storages.TryGetValue(name, out var storage))
            storages.Add(name, storage = new TensorStorage(type, count));
        if (storage.Type != type || storage.Count != count)
            throw Damaged($"its storage {Printable.Name(name)} is described twice, differently");
        if (rest is not [object?[] view])
            return storage;
        return view is [_, long and >= 0 and var first, long and >= 0 and var length] && length <= count && first <= count - length
            ? storage.View(first, length)
            : throw Damaged($"a view leaves its storage {Printable.Name(name)}");
    }

    private static WeightFileException Damaged(string what) => WeightFileException.Damaged("PyTorch", what);
}
