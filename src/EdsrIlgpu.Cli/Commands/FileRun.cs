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
    /// <returns>The command's exit code.</returns>
    public static int Each(IReadOnlyList<string> inputs, bool json, CancellationToken cancel, Func<int, IProgress<double>, string> work)
    {
        int failed = 0;
        WorkDisplay.Run(!json, inputs.Count, display =>
        {
            for (int i = 0; i < inputs.Count; i++)
            {
                display.Begin(Path.GetFileName(inputs[i]), i);
                try
                {
                    string line = work(i, display);
                    if (!json)
                        display.WriteLine(line);
                }
                catch (Exception problem) when (!cancel.IsCancellationRequested)
                {
                    failed++;
                    display.Complain($"edsr: {CommandRun.Line(problem)}");
                }
            }
        });
        if (failed > 0 && inputs.Count > 1)
            Console.Error.WriteLine($"edsr: {failed} of {inputs.Count} pictures failed.");
        return failed == 0 ? CommandRun.Success : CommandRun.Failure;
    }
}
