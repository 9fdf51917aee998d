using System.Diagnostics;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Tests of this project in a process of their own, for drivers that read the environment when they are loaded.</summary>
internal static class TestProcess
{
    /// <summary>Runs the tests that the xunit arguments select; they must pass.</summary>
    public static void Run(IEnumerable<(string Name, string Value)> environment, params string[] selection)
    {
        string executable = Path.Combine(AppContext.BaseDirectory, typeof(TestProcess).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(executable, ["-noLogo", "-noColor", .. selection]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{string.Join(" ", selection)}:\n{output}\n{error.Result}");
        Assert.DoesNotContain("Total: 0,", output);
    }
}
