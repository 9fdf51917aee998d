namespace EdsrIlgpu.Cli.Commands;

/// <summary>The folder that results go into: made when there is something to put into it, and gone again if nothing was.</summary>
/// <param name="result">A file in the folder.</param>
internal sealed class OutputFolder(string result) : IDisposable
{
    private readonly string folder = Path.GetDirectoryName(Path.GetFullPath(result))!;
    private readonly Stack<string> made = new();

    /// <summary>Makes the folder, and those it lies in, unless they are there.</summary>
    /// <exception cref="EdsrException">It cannot be made.</exception>
    public void Make()
    {
        var missing = new Stack<string>();
        for (string? level = folder; level is not null && !Directory.Exists(level); level = Path.GetDirectoryName(level))
            missing.Push(level);
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"The folder {folder} cannot be made: {problem.Message}", problem);
        }
        foreach (string level in missing)
            made.Push(level);
    }

    /// <summary>Removes what was made and is still empty.</summary>
    public void Dispose()
    {
        foreach (string level in made)
            if (Directory.Exists(level) && !Directory.EnumerateFileSystemEntries(level).Any())
                Directory.Delete(level);
    }
}
