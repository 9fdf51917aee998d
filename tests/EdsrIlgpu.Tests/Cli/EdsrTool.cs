using System.Diagnostics;
using System.Text.Json.Nodes;

namespace EdsrIlgpu.Tests.Cli;

/// <summary>Runs the tool as a person does: a process of its own, in a folder of its own.</summary>
internal sealed class EdsrTool : IDisposable
{
    public EdsrTool() => Folder = Directory.CreateTempSubdirectory("edsr-test-").FullName;

    /// <summary>Where it runs; gone when disposed.</summary>
    public string Folder { get; }

    /// <summary>Variables that the tool sees beside this process's own.</summary>
    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>A path in the folder.</summary>
    public string this[string name] => Path.Combine(Folder, name);

    /// <summary>Every file below the folder, relative, in order.</summary>
    public IReadOnlyList<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Folder, f)).Order(StringComparer.Ordinal)];

    public Outcome Run(params string[] arguments) => Run(null, arguments);

    /// <summary>Runs with a variant of the convolution forced by the environment.</summary>
    public Outcome Run(string? forced, string[] arguments)
    {
        var start = Prepare([], arguments);
        if (forced is not null)
            start.Environment["EDSR_FORCE_CONV2D_FPROP"] = forced;
        return Finish(Process.Start(start)!);
    }

    /// <summary>Starts the tool, behind a command that runs it if one is given; it goes on while the test does.</summary>
    public Process Start(string[] through, params string[] arguments) => Process.Start(Prepare(through, arguments))!;

    /// <summary>Waits for a tool that was started.</summary>
    public static Outcome Finish(Process process)
    {
        using (process)
        {
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new Outcome(process.ExitCode, output, error.Result);
        }
    }

    public void Dispose() => Directory.Delete(Folder, true);

    private ProcessStartInfo Prepare(string[] through, string[] arguments)
    {
        string[] line = [.. through, "dotnet", Path.Combine(AppContext.BaseDirectory, "edsr.dll"), .. arguments];
        var start = new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;
        return start;
    }

    /// <summary>What a run left.</summary>
    public sealed record Outcome(int ExitCode, string Output, string Error)
    {
        public JsonNode Json => JsonNode.Parse(Output)!;

        /// <summary>All went well, and nothing was complained of.</summary>
        public Outcome AssertSuccess()
        {
            Assert.True(ExitCode == 0 && Error.Length == 0, $"exit code {ExitCode}\n{Output}\n{Error}");
            return this;
        }

        /// <summary>It failed with one line that has all of these words in it.</summary>
        public void AssertOneLine(params string[] words)
        {
            Assert.True(ExitCode != 0, $"exit code 0\n{Output}\n{Error}");
            Assert.Matches(@"^edsr: [^\n]+\n$", Error);
            Assert.DoesNotContain("should not have happened", Error);
            Assert.DoesNotContain("   at ", Error);
            foreach (string word in words)
                Assert.Contains(word, Error);
        }
    }
}
