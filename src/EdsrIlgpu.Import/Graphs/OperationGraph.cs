namespace EdsrIlgpu.Import.Graphs;

/// <summary>A foreign graph: which operation makes which value.</summary>
/// <param name="operations">By the name of the value that each makes.</param>
/// <param name="output">The value that goes out.</param>
internal sealed class OperationGraph(IReadOnlyDictionary<string, Operation> operations, string output)
{
    // No exporter leaves more in a row; a hostile graph may go in circles.
    private const int MostCopies = 64;

    private static readonly Operation Missing = new(OperationKind.Other);

    /// <summary>The value that goes out.</summary>
    public string Output => output;

    /// <summary>A value's own name: that of the value it is a copy of.</summary>
    public string Resolve(string value)
    {
        for (int i = 0; i < MostCopies && operations.TryGetValue(value, out var operation) && operation.Kind == OperationKind.Same; i++)
            value = operation.Inputs[0];
        return value;
    }

    /// <summary>What makes a value; of kind <see cref="OperationKind.Other"/> if nothing does.</summary>
    public Operation At(string value) => operations.GetValueOrDefault(Resolve(value), Missing);
}
