namespace EdsrIlgpu.Data;

/// <summary>Finds the LR picture that belongs to an HR picture by name.</summary>
internal sealed class LrPartners
{
    private readonly IPictureSource pictures;
    private readonly int scale;
    private readonly Dictionary<string, int> byStem = [];

    /// <param name="pictures">The LR pictures.</param>
    /// <param name="scale">The scale that may stand in their names.</param>
    /// <exception cref="EdsrException">Two names differ in their extensions only.</exception>
    public LrPartners(IPictureSource pictures, int scale)
    {
        (this.pictures, this.scale) = (pictures, scale);
        for (int i = 0; i < pictures.Count; i++)
            if (!byStem.TryAdd(Stem(pictures.Name(i)), i))
                throw new EdsrException($"{pictures.Name(i)} and {pictures.Name(byStem[Stem(pictures.Name(i))])} have the same name: which is the LR picture is not clear.");
    }

    /// <summary>Decodes the partner.</summary>
    /// <exception cref="EdsrException">There is none, or it cannot be read.</exception>
    public TrainingPicture Load(string hrName)
    {
        string stem = Stem(hrName);
        string[] stems = stem.EndsWith("_HR", StringComparison.Ordinal) ? [stem, stem[..^3] + "_LR", stem[..^3]] : [stem];
        foreach (string candidate in stems.SelectMany(s => (string[])[$"{s}x{scale}", $"X{scale}/{s}x{scale}", s]))
            if (byStem.TryGetValue(candidate, out int index))
                return pictures.Load(index);
        throw new EdsrException($"{hrName} has no partner among the LR pictures, where {stem}x{scale} and {stem} were looked for.");
    }

    private static string Stem(string name) => Path.ChangeExtension(name, null);
}
