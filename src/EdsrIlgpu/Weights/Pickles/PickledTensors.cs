namespace EdsrIlgpu.Weights.Pickles;

/// <summary>Finds the tensors in what a pickle holds: dictionaries, lists and tuples in each other, joined by dots in the names.</summary>
internal static class PickledTensors
{
    // Shared parts make a small pickle a large tree; a training checkpoint of a large network stays far below these.
    private const int Deepest = 8, MostItems = 50_000, MostTensors = 20_000, LongestName = 256, MostNumbers = 5_000_000;

    /// <summary>The tensors by name; what is no tensor is passed over.</summary>
    /// <exception cref="WeightFileException">There are too many things in it, or two tensors of one name.</exception>
    public static OrderedDictionary<string, StoredTensor> Of(object? root)
    {
        var tensors = new OrderedDictionary<string, StoredTensor>();
        var path = new List<string>();
        int visited = 0, numbers = 0;
        Visit(root);
        return tensors;

        void Visit(object? item)
        {
            if (++visited > MostItems || path.Count > Deepest)
                throw TooMany();
            switch (item)
            {
                case StoredTensor tensor:
                    Add(tensor);
                    break;
                case PickledArray { Tensor: { } tensor }:
                    Add(tensor);
                    break;
                // Paddle's (name, array); the dictionary's key is the name that counts.
                case object?[] and [string, PickledArray { Tensor: { } tensor }]:
                    Add(tensor);
                    break;
                case OrderedDictionary<string, object?> dictionary:
                    foreach (var (key, value) in dictionary)
                        if (MayHoldTensors(value))
                            VisitPart(key, value);
                    break;
                case IReadOnlyList<object?> list:
                    for (int i = 0; i < list.Count; i++)
                        if (MayHoldTensors(list[i]))
                            VisitPart(Unpickler.Key((long)i), list[i]);
                    break;
            }
        }

        void VisitPart(string key, object? value)
        {
            path.Add(key);
            Visit(value);
            path.RemoveAt(path.Count - 1);
        }

        // Numbers and texts do not, and can be many: the losses of a long training.
        bool MayHoldTensors(object? value) =>
            value is StoredTensor or PickledArray or OrderedDictionary<string, object?> or IReadOnlyList<object?> || (++numbers > MostNumbers ? throw TooMany() : false);

        void Add(StoredTensor tensor)
        {
            string name = path.Sum(part => part.Length + 1) <= LongestName ? string.Join('.', path) : throw TooMany();
            if (tensors.Count == MostTensors)
                throw TooMany();
            if (!tensors.TryAdd(name, tensor))
                throw WeightFileException.Damaged("pickle", $"it has two tensors called {Printable.Name(name)}");
        }
    }

    private static WeightFileException TooMany() => WeightFileException.Damaged("pickle", "its tensors are too many, too deeply nested or too long of name");
}
