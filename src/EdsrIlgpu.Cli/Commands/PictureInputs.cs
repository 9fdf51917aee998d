using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>What a list of files and folders on the command line means.</summary>
internal static class PictureInputs
{
    /// <summary>The files, and the pictures of the folders by name; folders within folders, and hidden files, are left out.</summary>
    /// <exception cref="EdsrException">An input does not exist, or a folder has no pictures.</exception>
    public static IReadOnlyList<string> Find(IEnumerable<string> inputs)
    {
        var files = new List<string>();
        foreach (string input in inputs)
        {
            if (File.Exists(input))
                files.Add(input);
            else if (Directory.Exists(input))
                files.AddRange(InFolder(input));
            else
                throw new EdsrException(input.Length == 0 ? "An input has no name." : $"{input} does not exist.");
        }
        return files;
    }

    private static IEnumerable<string> InFolder(string folder)
    {
        string[] pictures = [.. Directory.EnumerateFiles(folder).Where(f => PictureFile.CanRead(f) && !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal)];
        if (pictures.Length > 0)
            return pictures;
        string[] inner = [.. Directory.EnumerateDirectories(folder).Select(d => Path.GetFileName(d)).Order(StringComparer.Ordinal).Take(5)];
        throw new EdsrException($"{folder} has no pictures in it{(inner.Length > 0 ? $"; name one of its folders: {string.Join(", ", inner)}" : "")}.");
    }
}
