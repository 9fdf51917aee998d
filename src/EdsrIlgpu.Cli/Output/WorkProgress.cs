using Spectre.Console;

namespace EdsrIlgpu.Cli.Output;

/// <summary>
/// Progress of work on several files: a bar on a terminal, nothing where standard error is no terminal (the commands print a line per
/// file anyway).
/// </summary>
internal static class WorkProgress
{
    /// <summary>Runs <paramref name="work"/>, which is given a way to say what it is doing and one to say how far it is.</summary>
    /// <param name="show">False to show nothing at all.</param>
    /// <param name="files">Number of files.</param>
    /// <param name="work">Does the work: first argument the file's name and index, second the share of that file.</param>
    public static void Run(bool show, int files, Action<Action<string, int>, IProgress<double>> work)
    {
        if (!show || Console.IsErrorRedirected)
        {
            work((_, _) => { }, new Share(_ => { }));
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context =>
            {
                var bar = context.AddTask("starting", maxValue: files);
                int file = 0;
                work(
                    (name, index) => (file, bar.Description, bar.Value) = (index, Markup.Escape(name), index),
                    new Share(share => bar.Value = file + share));
            });
    }

    private sealed class Share(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
