namespace EdsrIlgpu.Weights;

/// <summary>
/// What is wrong with a weight file and what to do, as the rest of a sentence that begins with the file's name.
/// <see cref="ModelFile"/> puts the name before it.
/// </summary>
internal sealed class WeightFileException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>A file that breaks its own format.</summary>
    public static WeightFileException Damaged(string container, string what, Exception? inner = null) =>
        new($"is no sound {container} file: {what}. Fetch it or write it again.", inner);
}
