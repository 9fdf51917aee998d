using System.Diagnostics;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Tests of this project in a process of their own, for drivers that read the environment when they are loaded.</summary>
internal static class TestProcess
{
    // Many times what the longest takes on two busy cores.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <summary>Runs the tests that the xunit arguments select; they must pass. A process that hangs is ended.</summary>
    public static void Run(IEnumerable<(string Name, string Value)> environment, params string[] selection)
    {
        string executable = Path.Combine(AppContext.BaseDirectory, typeof(TestProcess).Assembly.GetName().Name!);
        var start = new ProcessStartInfo(executable, ["-noLogo", "-noColor", .. selection]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        bool ended = process.WaitForExit(Limit);
        if (!ended)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
        Assert.True(ended && process.ExitCode == 0, $"{string.Join(" ", selection)}{(ended ? "" : $" has not ended after {Limit}")}:\n{output.Result}\n{error.Result}");
        Assert.DoesNotContain("Total: 0,", output.Result);
    }
}
