namespace EdsrIlgpu.Cli.Commands;

/// <summary>One name for a file that can be reached by several.</summary>
internal static class RealPath
{
    // As many as Linux follows.
    private const int MaxLinks = 40;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    /// <summary>The absolute path without symbolic links; what does not exist is taken as it is written.</summary>
    /// <exception cref="EdsrException">The links lead nowhere.</exception>
    public static string Of(string path) => Find(path) ?? throw new EdsrException($"{path} leads through more than {MaxLinks} symbolic links.");

    /// <summary>The same; null where the links lead nowhere.</summary>
    public static string? Find(string path)
    {
        string full = Path.Combine(Environment.CurrentDirectory, path);
        string real = Path.GetPathRoot(full)!;
        // Not Path.GetFullPath: what .. means depends on where the links before it lead.
        var rest = new Stack<string>();
        Push(full[real.Length..]);
        for (int links = 0; rest.TryPop(out string? part);)
        {
            if (part == ".")
                continue;
            string step = part == ".." ? Path.GetDirectoryName(real) ?? real : Path.Combine(real, part);
            if (part == ".." || new FileInfo(step).LinkTarget is not { } target)
            {
                real = step;
                continue;
            }
            if (++links > MaxLinks)
                return null;
            string root = Path.GetPathRoot(target)!;
            if (root.Length > 0)
                real = root;
            Push(target[root.Length..]);
        }
        return real;

        void Push(string relative)
        {
            foreach (string part in relative.Split(Separators, StringSplitOptions.RemoveEmptyEntries).Reverse())
                rest.Push(part);
        }
    }
}
