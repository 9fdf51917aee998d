
namespace EdsrIlgpu.Tests.Cli;

/// <summary>OpenCL drivers of Debian, set up by environment variables: good ones, weak ones and wrong ones.</summary>
internal static class OpenCLDrivers
{
    /// <summary>PoCL's kernels are built with these options for its compiler; every group then believes that it is the first.</summary>
    public const string WrongResults = "-Dget_group_id=get_global_offset";

    /// <summary>So built, no kernel that has more than one group compiles.</summary>
    public const string NoResults = "-Dget_group_id=nonsense";

    private const string Pocl = "/etc/OpenCL/vendors/pocl.icd";

    private static readonly string[] Oclgrind = ["/usr/lib/oclgrind/liboclgrind-rt-icd.so", "/usr/local/lib/oclgrind/liboclgrind-rt-icd.so"];

    /// <summary>What lets a process see PoCL alone; skips where it is not installed.</summary>
    /// <param name="folder">A folder of the test's, for what it takes.</param>
    /// <param name="buildOptions">Options for PoCL's compiler.</param>
    public static Dictionary<string, string> OnlyPocl(string folder, string buildOptions = "")
    {
        Assert.SkipUnless(File.Exists(Pocl), "PoCL is not installed (Debian's pocl-opencl-icd).");
        string vendors = Directory.CreateDirectory(Path.Combine(folder, "vendors")).FullName;
        File.Copy(Pocl, Path.Combine(vendors, "pocl.icd"));
        // PoCL's cache of compiled kernels, which all share, knows them by these options too.
        return new() { ["OCL_ICD_VENDORS"] = vendors, ["POCL_EXTRA_BUILD_FLAGS"] = buildOptions };
    }

    /// <summary>PoCL, which computes rightly, and before it Oclgrind, which does not; skips where either is not installed.</summary>
    public static Dictionary<string, string> WrongOclgrindBeforePocl(string folder)
    {
        var environment = OnlyPocl(folder);
        string? library = Oclgrind.FirstOrDefault(File.Exists);
        Assert.SkipWhen(library is null, "Oclgrind is not installed (Debian's oclgrind).");
        File.WriteAllText(Path.Combine(environment["OCL_ICD_VENDORS"], "oclgrind.icd"), library + "\n");
        environment["OCLGRIND_BUILD_OPTIONS"] = WrongResults;
        // Oclgrind claims to be a GPU, and this order puts GPUs first.
        environment["OCL_ICD_PLATFORM_SORT"] = "devices";
        return environment;
    }

    /// <summary>The tool with PoCL as its only OpenCL driver.</summary>
    public static EdsrTool Tool(string buildOptions = "", string devices = "pthread")
    {
        var tool = new EdsrTool();
        try
        {
            foreach (var (name, value) in OnlyPocl(tool.Folder, buildOptions))
                tool.Environment[name] = value;
            tool.Environment["POCL_DEVICES"] = devices;
            return tool;
        }
        catch
        {
            tool.Dispose();
            throw;
        }
    }
}
