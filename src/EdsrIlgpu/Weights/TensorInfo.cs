namespace EdsrIlgpu.Weights;

/// <summary>A tensor as its file states it.</summary>
/// <param name="Name">Its key, as stored.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Shape">Sizes, the slowest first; empty for a single value.</param>
public sealed record TensorInfo(string Name, TensorType Type, IReadOnlyList<long> Shape)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Printable.Name(Name)} {Type} {Printable.Shape(Shape)}";
}
