namespace EdsrIlgpu.Cli.Commands;

/// <summary>One name for a file that can be reached by several.</summary>
internal static class RealPath
{
    /// <summary>The absolute path without symbolic links; what does not exist is taken as it is written.</summary>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path);
        string real = Path.GetPathRoot(full)!;
        foreach (string part in full[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string step = Path.Combine(real, part);
            real = new FileInfo(step).LinkTarget is { } target ? Of(Path.Combine(real, target)) : step;
        }
        return real;
    }
}
