using EdsrIlgpu.Import.Graphs;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Import.Paddle;

/// <summary>Opens what Paddle's <c>jit.save</c> wrote: weights, and beside them, if it is there, the program that uses them.</summary>
internal static class PaddleFile
{
    private const string Program = ".pdmodel", Parameters = ".pdiparams";

    /// <summary>Opens the weights, with the program beside them if there is one.</summary>
    /// <param name="stream">The <c>.pdiparams</c>; disposed with the result.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="WeightFileException">A file is damaged, or the two do not belong together.</exception>
    public static TensorFile ReadParameters(Stream stream, string path)
    {
        string beside = Path.ChangeExtension(path, Program);
        if (beside == path || !File.Exists(beside))
            return Combine(stream, PaddleParameters.Read(stream), null);
        using var program = File.OpenRead(beside);
        return Combine(stream, PaddleParameters.Read(stream), Named(beside, () => PaddleProgram.Read(program)), Path.GetFileName(beside));
    }

    /// <summary>Opens the weights that lie beside a program.</summary>
    /// <param name="stream">The <c>.pdmodel</c>; disposed.</param>
    /// <param name="path">Its path.</param>
    /// <exception cref="WeightFileException">A file is damaged, there are no weights beside it, or the two do not belong together.</exception>
    public static TensorFile ReadProgram(Stream stream, string path)
    {
        var program = PaddleProgram.Read(stream);
        string beside = Path.ChangeExtension(path, Parameters), name = Path.GetFileName(beside);
        if (beside == path || !File.Exists(beside))
            throw new WeightFileException($"is a program of Paddle, whose weights lie beside it in {name}, which is not there: put it there.");
        var weights = File.OpenRead(beside);
        try
        {
            var file = Combine(weights, Named(beside, () => PaddleParameters.Read(weights)), program, Path.GetFileName(path));
            stream.Dispose();
            return file;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private static TensorFile Combine(Stream stream, List<StoredTensor> tensors, PaddleProgram? program, string otherName = "")
    {
        if (program is null)
        {
            var (ordered, reason) = PaddleOrder.Recognise(tensors);
            return Opened(stream, ordered, reason, Numbered(tensors));
        }
        RequireSame(program.Weights, tensors, otherName);
        var named = new OrderedDictionary<string, StoredTensor>();
        foreach (var (weight, tensor) in program.Weights.Zip(tensors))
            named.Add(weight.Name, tensor);
        var (graph, problem) = program.Graph(named);
        EdsrParts? parts = null;
        if (graph is not null)
            (parts, problem) = EdsrPattern.Match(graph);
        return Opened(stream, parts, $"{problem}. {OperationList.Describe(program.OperatorTypes)}", named);
    }

    private static void RequireSame(IReadOnlyList<PaddleVariable> weights, List<StoredTensor> tensors, string otherName)
    {
        string? difference = weights.Count != tensors.Count ? $"{weights.Count} weights and {tensors.Count} tensors" : weights.Zip(tensors)
            .Where(p => !p.First.Shape.SequenceEqual(p.Second.Shape))
            .Select(p => $"{Printable.Name(p.First.Name)} {Printable.Shape(p.First.Shape)} and a tensor {Printable.Shape(p.Second.Shape)}").FirstOrDefault();
        if (difference is not null)
            throw new WeightFileException($"and {otherName} do not belong together, they have {difference}: give the two files that were saved together.");
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
        : new TensorFile(stream) { Container = PaddleParameters.Container, Tensors = parts.Tensors(), Metadata = EdsrMetadata.Write(parts.Config, new Dictionary<string, string>()) };

    private static OrderedDictionary<string, StoredTensor> Numbered(List<StoredTensor> tensors)
    {
        var numbered = new OrderedDictionary<string, StoredTensor>();
        for (int i = 0; i < tensors.Count; i++)
            numbered.Add($"tensor {i + 1}", tensors[i]);
        return numbered;
    }
}
