using System.Text.Json.Nodes;
using EdsrIlgpu.Cli.Output;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>The same work on one file after another; one that fails is reported and the next one follows.</summary>
internal static class FileRun
{
    /// <summary>Runs.</summary>
    /// <param name="inputs">Files.</param>
    /// <param name="json">Whether standard output is for machines: then nothing but errors is shown.</param>
    /// <param name="cancel">Stops everything.</param>
    /// <param name="work">Does one file and returns the line that tells of it.</param>
    /// <returns>The command's exit code, and what failed, for a JSON report.</returns>
    public static (int ExitCode, JsonArray Failures) Each(IReadOnlyList<string> inputs, bool json, CancellationToken cancel, Func<int, WorkDisplay, string> work)
    {
        var failures = new JsonArray();
        WorkDisplay.Run(!json, inputs.Count, display =>
        {
            for (int i = 0; i < inputs.Count; i++)
            {
                display.Begin(Path.GetFileName(inputs[i]), i);
                string told;
                try
                {
                    told = work(i, display);
                }
                catch (Exception problem) when (!cancel.IsCancellationRequested)
                {
                    string line = CommandRun.Line(problem);
                    if (!line.Contains(inputs[i], StringComparison.Ordinal))
                        line = $"{inputs[i]}: {line}";
                    failures.Add(new JsonObject { ["input"] = inputs[i], ["error"] = line });
                    display.Complain(line);
                    continue;
                }
                if (!json)
                    display.WriteLine(told);
            }
        });
        if (failures.Count > 0 && inputs.Count > 1)
            Console.Error.WriteLine($"edsr: {failures.Count} of {inputs.Count} pictures failed.");
        return (failures.Count == 0 ? CommandRun.Success : CommandRun.Failure, failures);
    }
}
