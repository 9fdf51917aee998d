namespace EdsrIlgpu.Weights;

/// <summary>Finds the tensors in what a PyTorch file holds: dictionaries and lists in each other, joined by dots in the names.</summary>
internal static class PyTorchStateDict
{
    // Shared parts make a small pickle a large tree; a training checkpoint of a large network stays far below these.
    private const int Deepest = 8, Most = 100_000, LongestName = 256;

    /// <summary>The tensors by name; what is no tensor is passed over.</summary>
    /// <exception cref="WeightFileException">There are too many things in it, or two tensors of one name.</exception>
    public static OrderedDictionary<string, StoredTensor> Tensors(object? root)
    {
        var tensors = new OrderedDictionary<string, StoredTensor>();
        int visited = 0;
        Visit(root, "", 0);
        return tensors;

        void Visit(object? item, string name, int depth)
        {
            if (++visited > Most || depth > Deepest || name.Length > LongestName)
                throw WeightFileException.Damaged("PyTorch", "its tensors are too many, too deeply nested or too long of name");
            switch (item)
            {
                case StoredTensor tensor:
                    if (!tensors.TryAdd(name, tensor))
                        throw WeightFileException.Damaged("PyTorch", $"it has two tensors called {Printable.Name(name)}");
                    break;
                case OrderedDictionary<string, object?> dictionary:
                    foreach (var (key, value) in dictionary)
                        Visit(value, Join(name, key), depth + 1);
                    break;
                case IReadOnlyList<object?> list:
                    for (int i = 0; i < list.Count; i++)
                        Visit(list[i], Join(name, Unpickler.Key((long)i)), depth + 1);
                    break;
            }
        }
    }

    private static string Join(string name, string key) => name.Length == 0 ? key : $"{name}.{key}";
}
