namespace EdsrIlgpu.Cli.Commands;

/// <summary>A high-resolution picture and the low-resolution one that belongs to it.</summary>
/// <param name="Name">What both are called.</param>
/// <param name="Hr">The file.</param>
/// <param name="Lr">The file; null if it is to be made.</param>
internal sealed record PicturePair(string Name, string Hr, string? Lr)
{
    /// <summary>
    /// Pairs by name. A name may end in _HR or _LR, and that of a low-resolution file in x2, x3, … for the factor. Where files end in
    /// _HR, only those are taken, and files beside them that end in _LR are theirs unless others are given.
    /// </summary>
    /// <param name="hrInputs">Files and folders.</param>
    /// <param name="lrInputs">Files and folders; none for the files beside, or for pictures to be made.</param>
    /// <param name="scale">The factor between them.</param>
    /// <param name="takeLrBeside">False to leave *_LR files beside alone.</param>
    /// <param name="tell">Told, in a line, how many pictures are left out that are called neither *_HR nor *_LR.</param>
    /// <exception cref="EdsrException">There are no pictures, a name occurs twice, or a partner is missing.</exception>
    public static IReadOnlyList<PicturePair> Find(IReadOnlyList<string> hrInputs, IReadOnlyList<string> lrInputs, int scale, bool takeLrBeside, Action<string> tell)
    {
        var found = PictureInputs.Find(hrInputs);
        string[] marked = [.. found.Where(f => Stem(f).EndsWith("_HR", StringComparison.OrdinalIgnoreCase))];
        var hr = marked.Length > 0 ? marked : found;
        int others = found.Count(f => !hr.Contains(f) && !Stem(f).EndsWith("_LR", StringComparison.OrdinalIgnoreCase));
        if (others > 0)
            tell($"{others} {(others == 1 ? "picture is" : "pictures are")} left out, whose names do not end in _HR as those of others do.");
        var lr = lrInputs.Count > 0
            ? PictureInputs.Find(lrInputs)
            : takeLrBeside ? [.. hr.SelectMany(BesideIt).Distinct()] : [];
        var partners = new Dictionary<string, string>();
        foreach (string file in lr)
            if (!partners.TryAdd(Key(file), file))
                throw new EdsrException($"{file} and {partners[Key(file)]} have the same name: which belongs to the pair is not clear.");
        return [.. hr.Select(file => new PicturePair(
            Key(file),
            file,
            partners.GetValueOrDefault(Key(file)) ?? partners.GetValueOrDefault($"{Key(file)}x{scale}")
                ?? (lrInputs.Count == 0 ? null : throw new EdsrException($"{file} has no partner in {string.Join(", ", lrInputs)}: pictures pair by name."))))];
    }

    private static IEnumerable<string> BesideIt(string hr)
    {
        string name = Path.GetFileName(hr);
        int at = name.LastIndexOf("_HR.", StringComparison.OrdinalIgnoreCase);
        if (at < 0)
            yield break;
        string beside = Path.Combine(Path.GetDirectoryName(hr)!, name[..at] + "_LR" + name[(at + 3)..]);
        if (File.Exists(beside))
            yield return beside;
    }

    private static string Key(string file)
    {
        string stem = Stem(file);
        return stem.EndsWith("_HR", StringComparison.OrdinalIgnoreCase) || stem.EndsWith("_LR", StringComparison.OrdinalIgnoreCase) ? stem[..^3] : stem;
    }

    private static string Stem(string file) => Path.GetFileNameWithoutExtension(file);
}
