namespace EdsrIlgpu.Tests;

/// <summary>
/// The public pictures and weights that are used beside the project and not committed: in the folder that EDSR_DATA names, or in
/// <c>shared/data</c> beside the checkout. Tests that need them are skipped where they are not.
/// </summary>
internal static class TestData
{
    private static readonly string? Root = Find();

    /// <summary>The checkout's root.</summary>
    public static string Repository { get; } = RepositoryRoot();

    /// <summary>Whether the data is here.</summary>
    public static bool IsPresent => Root is not null;

    /// <summary>The absolute path of a file or folder of the data; skips the test, saying why, if the data is not here.</summary>
    public static string Path(params string[] parts)
    {
        Assert.SkipWhen(Root is null, "The benchmark pictures and weights are not here: set EDSR_DATA to their folder.");
        return System.IO.Path.Combine([Root!, .. parts]);
    }

    /// <summary>The absolute path of a file that is committed under tests/EdsrIlgpu.Tests.</summary>
    public static string Committed(params string[] parts) => System.IO.Path.Combine([Repository, "tests", "EdsrIlgpu.Tests", .. parts]);

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("EDSR_DATA");
        string folder = string.IsNullOrEmpty(named) ? System.IO.Path.Combine(RepositoryRoot(), "..", "shared", "data") : named;
        return Directory.Exists(folder) ? System.IO.Path.GetFullPath(folder) : null;
    }

    private static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "EdsrIlgpu.sln")))
                return folder.FullName;
        return AppContext.BaseDirectory;
    }
}
