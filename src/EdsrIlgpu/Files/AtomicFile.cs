using Microsoft.Win32.SafeHandles;

namespace EdsrIlgpu.Files;

/// <summary>Files that appear whole or not at all: written beside their place, then renamed.</summary>
internal static class AtomicFile
{
    /// <summary>Throws where a file could not be written: the path is a folder, or its folder is missing or takes no files.</summary>
    /// <exception cref="EdsrException">It could not.</exception>
    public static void RequireWritable(string path)
    {
        if (Directory.Exists(path))
            throw new EdsrException($"{path} is a folder; name a file in it.");
        string folder = FolderOf(path);
        if (!Directory.Exists(folder))
            throw new EdsrException($"Cannot write {path}: there is no folder {folder}; create it first.");
        string part = PartBeside(path);
        try
        {
            using (File.Create(part, 1, FileOptions.DeleteOnClose)) { }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"Cannot write into the folder {folder}: {OneLine(problem.Message.Replace(part, path))}; write elsewhere.", problem);
        }
    }

    /// <summary>Writes a file. When that fails, what was there before is still there, and nothing else.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <param name="write">Writes the file whose path it is given.</param>
    /// <exception cref="EdsrException">The file cannot be written.</exception>
    public static void Write(string path, Action<string> write)
    {
        RequireWritable(path);
        string part = PartBeside(path);
        try
        {
            write(part);
            // Else a crash of the machine could leave the new name on an empty file.
            using (SafeFileHandle file = File.OpenHandle(part, access: FileAccess.ReadWrite))
                RandomAccess.FlushToDisk(file);
            File.Move(part, path, overwrite: true);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"Cannot write {path}: {OneLine(problem.Message.Replace(part, path))}.", problem);
        }
        finally
        {
            File.Delete(part);
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(Path.GetFullPath(path))!;

    // Not the file's own name with something added, which could be too long.
    private static string PartBeside(string path) => Path.Combine(FolderOf(path), $".{Guid.NewGuid():N}.part");

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim().TrimEnd('.');
}
