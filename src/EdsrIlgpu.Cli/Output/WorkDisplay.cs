using Spectre.Console;

namespace EdsrIlgpu.Cli.Output;

/// <summary>
/// What a person sees of work on several files: lines, and on a terminal a bar below them. Results go to standard output, the bar and
/// complaints to standard error.
/// </summary>
internal abstract class WorkDisplay : IProgress<double>
{
    /// <summary>Shows <paramref name="work"/> on <paramref name="files"/> files; with a bar if <paramref name="bar"/> and standard error is a terminal.</summary>
    /// <param name="bar">Whether there is to be a bar.</param>
    /// <param name="files">How many files there are.</param>
    /// <param name="work">Does the work.</param>
    /// <param name="tellsTime">Whether the bar tells the time that is left; not where the work's own name for itself does.</param>
    public static void Run(bool bar, int files, Action<WorkDisplay> work, bool tellsTime = true)
    {
        if (!bar || Console.IsErrorRedirected)
        {
            work(new Plain());
            return;
        }
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        console.Progress()
            .AutoClear(true)
            .Columns([new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), .. tellsTime ? (ProgressColumn[])[new RemainingTimeColumn()] : []])
            .Start(context => work(new Live(console, context.AddTask("starting", maxValue: files))));
    }

    /// <summary>The file with this name and number is next.</summary>
    public abstract void Begin(string name, int index);

    /// <summary>The share of the file under way that is done, 0 to 1.</summary>
    public abstract void Report(double value);

    /// <summary>A line of results.</summary>
    public void WriteLine(string line) => WriteOut(OneLine.Of(line));

    /// <summary>A line about something that went wrong, or not quite as it should.</summary>
    public void Complain(string line) => WriteError(OneLine.Of($"edsr: {line}"));

    /// <summary>A line on standard output.</summary>
    protected abstract void WriteOut(string line);

    /// <summary>A line on standard error.</summary>
    protected abstract void WriteError(string line);

    private sealed class Plain : WorkDisplay
    {
        public override void Begin(string name, int index) { }

        public override void Report(double value) { }

        protected override void WriteOut(string line) => Console.WriteLine(line);

        protected override void WriteError(string line) => Console.Error.WriteLine(line);
    }

    private sealed class Live(IAnsiConsole console, ProgressTask bar) : WorkDisplay
    {
        private int file;

        public override void Begin(string name, int index) => (file, bar.Description, bar.Value) = (index, Markup.Escape(name), index);

        public override void Report(double value) => bar.Value = file + value;

        protected override void WriteOut(string line)
        {
            // On the bar's own terminal a line has to go through the bar's console, which moves the bar out of its way.
            if (Console.IsOutputRedirected)
                Console.WriteLine(line);
            else
                WriteError(line);
        }

        protected override void WriteError(string line) => console.Write(new Text(line + "\n"));
    }
}
