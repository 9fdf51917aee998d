using System.CommandLine;
using EdsrIlgpu.Cli.Output;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>How every command runs: whatever goes wrong becomes one line on standard error and an exit code.</summary>
internal static class CommandRun
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>Something did not.</summary>
    public const int Failure = 1;

    /// <summary>Stopped from outside, as shells report Ctrl-C.</summary>
    public const int Cancelled = 130;

    /// <summary>Sets what a command does.</summary>
    public static void Runs(this Command command, Func<ParseResult, CancellationToken, int> run) =>
        command.SetAction((parsed, cancel) => Task.Run(
            () =>
            {
                try
                {
                    return run(parsed, cancel);
                }
                catch (OperationCanceledException)
                {
                    Console.Error.WriteLine("edsr: stopped; nothing half-written was left.");
                    return Cancelled;
                }
                catch (Exception problem)
                {
                    Complain(Line(problem));
                    return Failure;
                }
            },
            CancellationToken.None));

    /// <summary>Says on standard error, in one line, what did not go as it should; the work goes on.</summary>
    public static void Complain(string line) => Console.Error.WriteLine(OneLine.Of($"edsr: {line}"));

    /// <summary>One line that says what went wrong.</summary>
    public static string Line(Exception problem) => OneLine.Of(problem switch
    {
        EdsrException or IOException or UnauthorizedAccessException => problem.Message,
        OutOfMemoryException => "There is not enough memory; try a smaller picture.",
        _ => $"This should not have happened, please report it: {problem.GetType().Name}: {problem.Message}",
    });
}
