namespace EdsrIlgpu.Weights;

/// <summary>Files that appear whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file beside its place and renames it; when that fails, what was there before is still there, and nothing else.</summary>
    /// <exception cref="EdsrException">The file cannot be written.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (Directory.Exists(path))
            throw new EdsrException($"{path} is a folder: give the name of a file to write.");
        string full = Path.GetFullPath(path), folder = Path.GetDirectoryName(full)!;
        if (!Directory.Exists(folder))
            throw new EdsrException($"{path} cannot be written: the folder {folder} does not exist. Make it first, or write elsewhere.");
        string beside = Path.Combine(folder, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
        try
        {
            try
            {
                using (var stream = new FileStream(beside, FileMode.CreateNew, FileAccess.Write))
                {
                    write(stream);
                    stream.Flush(flushToDisk: true);
                }
                File.Move(beside, full, overwrite: true);
            }
            catch
            {
                File.Delete(beside);
                throw;
            }
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"{path} cannot be written: {problem.Message}", problem);
        }
    }
}
