using EdsrIlgpu.Import.Graphs;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Paddle;

/// <summary>
/// Opens what Paddle's <c>jit.save</c> wrote: weights, and beside them, if they are there, the program that uses them and the names that
/// they have in the network.
/// </summary>
internal static class PaddleFile
{
    private const string Program = ".pdmodel", Parameters = ".pdiparams", Names = ".info";

    /// <summary>Opens the weights, with the program beside them if there is one.</summary>
    /// <param name="stream">The <c>.pdiparams</c>; disposed with the result.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="WeightFileException">A file is damaged, or the two do not belong together.</exception>
    public static TensorFile ReadParameters(Stream stream, string path)
    {
        var tensors = PaddleParameters.Read(stream);
        string beside = Path.ChangeExtension(path, Program);
        if (beside != path && IsThere(beside))
        {
            using var program = File.OpenRead(beside);
            return Computed(stream, tensors, Named(beside, () => PaddleProgram.Read(program)), Path.GetFileName(beside));
        }
        if (IsThere(path + Names))
        {
            using var info = File.OpenRead(path + Names);
            if (Named(path + Names, () => PaddleNames.Read(info)) is { } names)
                return Structured(stream, tensors, names, Path.GetFileName(path + Names));
        }
        var (parts, problem) = PaddleOrder.Recognise(tensors);
        return Opened(stream, parts, problem, Together(tensors.Select((_, i) => $"tensor {i + 1}"), tensors));
    }

    /// <summary>Opens the weights that lie beside a program.</summary>
    /// <param name="stream">The <c>.pdmodel</c>; disposed.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="WeightFileException">A file is damaged, there are no weights beside it, or the two do not belong together.</exception>
    public static TensorFile ReadProgram(Stream stream, string path)
    {
        var program = PaddleProgram.Read(stream);
        string beside = Path.ChangeExtension(path, Parameters), name = Path.GetFileName(beside);
        if (beside == path || !IsThere(beside))
            throw new WeightFileException($"is a program of Paddle, whose weights lie beside it in {name}, which is not there: put it there.");
        var weights = File.OpenRead(beside);
        try
        {
            var file = Computed(weights, Named(beside, () => PaddleParameters.Read(weights)), program, name);
            stream.Dispose();
            return file;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    // Opening a pipe, whose length is 0, would wait for a writer.
    private static bool IsThere(string path) => new FileInfo(path) is { Exists: true, Length: > 0 };

    /// <summary>The network is what the program computes.</summary>
    private static TensorFile Computed(Stream stream, List<StoredTensor> tensors, PaddleProgram program, string otherName)
    {
        RequireSame(program.Weights, tensors, otherName);
        var named = Together(program.Weights.Select(weight => weight.Name), tensors);
        var (graph, problem) = program.Graph(named);
        EdsrParts? parts = null;
        if (graph is not null)
            (parts, problem) = EdsrPattern.Match(graph);
        return Opened(stream, parts, $"{problem}. {OperationList.Describe(program.OperatorTypes)}", named);
    }

    /// <summary>The network is what the names say, as in a state dictionary.</summary>
    private static TensorFile Structured(Stream stream, List<StoredTensor> tensors, string[] names, string otherName)
    {
        if (names.Length != tensors.Count)
            throw new WeightFileException(
                $"has {tensors.Count} tensors and beside it {otherName} with {names.Length} names, so that which is which is unknown: put the .pdmodel that was saved with it beside it, too.");
        return new TensorFile(stream) { Container = PaddleParameters.Container, Tensors = Together(names, tensors) };
    }

    private static void RequireSame(IReadOnlyList<PaddleVariable> weights, List<StoredTensor> tensors, string otherName)
    {
        string? difference = weights.Count != tensors.Count ? $"{weights.Count} weights and {tensors.Count} tensors" : weights.Zip(tensors)
            .Where(p => !p.First.Shape.SequenceEqual(p.Second.Shape))
            .Select(p => $"{Printable.Name(p.First.Name)} {Printable.Shape(p.First.Shape)} and a tensor {Printable.Shape(p.Second.Shape)}").FirstOrDefault();
        if (difference is not null)
            throw new WeightFileException($"and {otherName} do not belong together, they have {difference}: give the files that were saved together.");
    }

    /// <summary>Reads the file beside the one that was named, and says so where it is wrong.</summary>
    private static T Named<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (WeightFileException problem)
        {
            throw new WeightFileException($"belongs together with {Path.GetFileName(path)}, and that {problem.Message}", problem);
        }
    }

    private static TensorFile Opened(Stream stream, EdsrParts? parts, string problem, OrderedDictionary<string, StoredTensor> otherwise) => parts is null
        ? new TensorFile(stream) { Container = PaddleParameters.Container, Tensors = otherwise, Problem = problem }
        : new TensorFile(stream) { Container = PaddleParameters.Container, Tensors = parts.Tensors(), KeyStyle = "Paddle", Network = EdsrMetadata.Write(parts.ResidualScale, null) };

    private static OrderedDictionary<string, StoredTensor> Together(IEnumerable<string> names, List<StoredTensor> tensors)
    {
        var together = new OrderedDictionary<string, StoredTensor>();
        foreach (var (name, tensor) in names.Zip(tensors))
            together.Add(name, tensor);
        return together;
    }
}
