namespace EdsrIlgpu.Tests;

/// <summary>A folder for a test's files, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("edsr-test-");

    public string FullName => folder.FullName;

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    public string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(Path(name), bytes);
        return Path(name);
    }

    /// <summary>The names of what is in it.</summary>
    public IEnumerable<string> Names => folder.EnumerateFileSystemInfos().Select(f => f.Name).Order();

    public void Dispose() => folder.Delete(recursive: true);
}
