using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>Where the results of a list of inputs go. Everything that can be refused is refused before the work.</summary>
internal static class OutputFiles
{
    /// <summary>
    /// One file for one input if <paramref name="output"/> has an extension and is no folder; else a folder, in which each result has
    /// its input's name and is a PNG.
    /// </summary>
    /// <exception cref="EdsrException">The format cannot be written, its folder does not exist, two inputs would share a file, or an input would be overwritten.</exception>
    public static IReadOnlyList<string> Plan(IReadOnlyList<string> inputs, string output, bool folderOnly = false)
    {
        // Else what an unset variable leaves of -o "$OUT" would be the current folder.
        if (output.Length == 0)
            throw new EdsrException("-o names nothing: give a file or a folder.");
        bool isFolder = folderOnly || Directory.Exists(output) || Path.EndsInDirectorySeparator(output) || Path.GetExtension(output).Length == 0;
        if (!isFolder && inputs.Count > 1)
            throw new EdsrException($"{inputs.Count} pictures cannot all become {output}: give a folder with -o.");
        if (!isFolder)
            PictureFile.RequireWritable(output);
        else if (File.Exists(Path.TrimEndingDirectorySeparator(output)))
            throw new EdsrException($"{output} is a file, and a folder is needed.");

        string[] files = isFolder ? [.. inputs.Select(input => Path.Combine(output, Path.GetFileNameWithoutExtension(input) + ".png"))] : [output];
        // An input whose links lead nowhere cannot be read, which is said when its turn comes.
        var realInputs = inputs.Select(RealPath.Find).ToHashSet();
        foreach (var group in files.Zip(inputs).GroupBy(pair => RealPath.Of(pair.First)))
        {
            if (group.Count() > 1)
                throw new EdsrException($"{string.Join(" and ", group.Select(pair => pair.Second))} would both become {group.First().First}: give them in two runs.");
            if (realInputs.Contains(group.Key))
                throw new EdsrException($"{group.First().First} is an input and would be overwritten: write elsewhere.");
        }
        return files;
    }
}
