using System.CommandLine;
using System.CommandLine.Invocation;
using EdsrIlgpu.Cli.Commands;
using EdsrIlgpu.Cli.Output;

var root = new RootCommand("EDSR super-resolution: makes pictures larger, and measures how well.");
foreach (var command in (Command[])[UpscaleCommand.Create(), EvalCommand.Create(), TrainCommand.Create(), PatchesCommand.Create(), CompareCommand.Create(), DownscaleCommand.Create(), ConvertCommand.Create(), InfoCommand.Create(), DevicesCommand.Create()])
    root.Add(command);

// Without response files: a picture may be called @name.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Action is ParseErrorAction)
{
    Console.Error.WriteLine($"edsr: {string.Join(" ", parsed.Errors.Select(e => OneLine.Of(e.Message)))} See 'edsr {(parsed.CommandResult.Command == root ? "" : parsed.CommandResult.Command.Name + " ")}--help'.");
    return 2;
}
return await parsed.InvokeAsync(new InvocationConfiguration
{
    EnableDefaultExceptionHandler = false,
    // Ctrl-C waits for the step under way, so that nothing half-written is left: a training step of a large network takes minutes.
    ProcessTerminationTimeout = TimeSpan.FromMinutes(10),
});
