namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>
/// Runs tests of this project under Oclgrind, an OpenCL device that simulates and reports data races, accesses out of bounds and
/// reads of what nobody wrote.
/// </summary>
internal static class Oclgrind
{
    /// <summary>Tests with this trait run under Oclgrind too.</summary>
    public const string Trait = "oclgrind";

    /// <summary>Where a process under Oclgrind writes the names of the kernels it launched.</summary>
    private const string KernelsVariable = "EDSR_TEST_OCLGRIND_KERNELS";

    private static readonly string[] Libraries = ["/usr/lib/oclgrind/liboclgrind-rt-icd.so", "/usr/local/lib/oclgrind/liboclgrind-rt-icd.so"];

    /// <summary>True in a process that <see cref="Run"/> started; its only OpenCL device is Oclgrind.</summary>
    public static bool IsHere => Environment.GetEnvironmentVariable(KernelsVariable) is not null;

    /// <summary>What Oclgrind reported, and the kernels that were launched.</summary>
    public sealed record Outcome(string Log, IReadOnlyList<string> Kernels);

    /// <summary>Runs the tests that the xunit arguments select; they must pass. Skips where Oclgrind is not installed.</summary>
    public static Outcome Run(params string[] selection)
    {
        string? library = Libraries.FirstOrDefault(File.Exists);
        Assert.SkipWhen(library is null, "Oclgrind is not installed (Debian's oclgrind).");
        string folder = Directory.CreateTempSubdirectory("edsr-oclgrind").FullName;
        try
        {
            string log = Path.Combine(folder, "log"), kernels = Path.Combine(folder, "kernels");
            File.WriteAllText(Path.Combine(folder, "oclgrind.icd"), library + "\n");
            TestProcess.Run(
                [("OCL_ICD_VENDORS", folder), ("OCLGRIND_DATA_RACES", "1"), ("OCLGRIND_UNINITIALIZED", "1"), ("OCLGRIND_LOG", log), (KernelsVariable, kernels)],
                selection);
            return new Outcome(File.Exists(log) ? File.ReadAllText(log) : "", File.ReadAllLines(kernels));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>In a process under Oclgrind: tells which kernels were launched.</summary>
    public static void Report(IEnumerable<AcceleratorKernel> launched)
    {
        if (Environment.GetEnvironmentVariable(KernelsVariable) is { } file)
            File.WriteAllLines(file, launched.Select(k => k.ToString()));
    }
}
