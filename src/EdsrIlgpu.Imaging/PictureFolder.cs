using System.IO.Enumeration;
using EdsrIlgpu.Data;

namespace EdsrIlgpu.Imaging;

/// <summary>
/// The picture files of a folder and of the folders within it, to train on. Hidden files and folders are left out, and so are folders
/// within it that are links. Names are relative to the folder, with <c>/</c> on every system, and in ordinal order.
/// </summary>
public sealed class PictureFolder : IPictureSource
{
    private readonly string folder;
    private readonly long maxPixels;
    private readonly string[] names;

    /// <summary>Lists the files; none is opened.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="ending">Where names end in this before their extension, only those files are taken: <c>_HR</c> where LR pictures lie beside.</param>
    /// <param name="maxPixels">Larger pictures are refused when they are loaded.</param>
    /// <exception cref="EdsrException">There is no such folder, it cannot be read, or it has no pictures.</exception>
    public PictureFolder(string folder, string? ending = null, long maxPixels = PictureFile.DefaultMaxPixels)
    {
        (this.folder, this.maxPixels) = (folder, maxPixels);
        if (!Directory.Exists(folder))
            throw new EdsrException(File.Exists(folder) ? $"{folder} is a file, and a folder of pictures is needed." : $"There is no folder {folder}.");
        try
        {
            names = [.. Files(folder).Order(StringComparer.Ordinal)];
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"The folder {folder} cannot be read: {problem.Message}", problem);
        }
        if (names.Length == 0)
            throw new EdsrException($"{folder} has no pictures in it, and neither have the folders within it.");
        if (ending is not null && Array.FindAll(names, n => Path.GetFileNameWithoutExtension(n).EndsWith(ending, StringComparison.Ordinal)) is { Length: > 0 } marked)
        {
            LeftOut = names.Count(n => !IsMarked(n));
            names = marked;
        }
    }

    /// <summary>How many pictures are left out whose names end neither in <c>_HR</c> nor in <c>_LR</c>, as there are others that do.</summary>
    public int LeftOut { get; }

    /// <inheritdoc/>
    public int Count => names.Length;

    /// <inheritdoc/>
    public string Name(int index) => names[index];

    /// <inheritdoc/>
    public TrainingPicture Load(int index) => PictureFile.LoadForTraining(Path.Combine(folder, names[index]), maxPixels);

    private static bool IsMarked(string name) => Path.GetFileNameWithoutExtension(name) is var stem
        && (stem.EndsWith("_HR", StringComparison.OrdinalIgnoreCase) || stem.EndsWith("_LR", StringComparison.OrdinalIgnoreCase));

    private static FileSystemEnumerable<string> Files(string folder) => new(
        folder,
        (ref FileSystemEntry entry) => Path.GetRelativePath(folder, entry.ToFullPath()).Replace(Path.DirectorySeparatorChar, '/'),
        new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = 0 })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && entry.FileName[0] != '.' && PictureFile.CanRead(entry.FileName.ToString()),
        // A link may lead back to where it lies.
        ShouldRecursePredicate = (ref FileSystemEntry entry) => entry.FileName[0] != '.' && (entry.Attributes & FileAttributes.ReparsePoint) == 0,
    };
}
