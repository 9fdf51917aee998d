namespace EdsrIlgpu.Files;

/// <summary>What is refused before a file is opened.</summary>
internal static class InputFile
{
    /// <summary>Throws where a file, or the one that a link leads to, has nothing to read: opening a pipe would wait for a writer, and devices have no end.</summary>
    /// <exception cref="EdsrException">It is empty, a pipe, a device or a link to nothing.</exception>
    /// <exception cref="IOException">Links lead in a circle, or the file system fails.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be searched.</exception>
    public static void RequireContent(string path)
    {
        // A link's own length is its text's. From a bare name .NET would follow it to the root folder.
        var file = File.ResolveLinkTarget(Path.GetFullPath(path), returnFinalTarget: true) ?? new FileInfo(path);
        if (!file.Exists)
            throw new EdsrException($"{path} is a link to {file.FullName}, which is no file: give the file itself.");
        if (file is FileInfo { Length: 0 })
            throw new EdsrException($"{path} is empty, or a pipe or a device: give a file, and fetch it again if it should not be empty.");
    }
}
