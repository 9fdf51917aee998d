using System.CommandLine;
using EdsrIlgpu.Cli.Commands;

namespace EdsrIlgpu.Tests.Imaging;

/// <summary>Runs <c>edsr upscale --model bicubic</c> in this process. It takes the console for itself, so its tests run alone.</summary>
internal static class UpscaleInProcess
{
    /// <summary>The exit code, and what was written to standard error.</summary>
    public static (int ExitCode, string Error) Run(string input, string output, params string[] options)
    {
        var (standardOutput, standardError) = (Console.Out, Console.Error);
        using var error = new StringWriter();
        try
        {
            Console.SetOut(TextWriter.Null);
            Console.SetError(error);
            int exitCode = new RootCommand { UpscaleCommand.Create() }
                .Parse(["upscale", input, "-o", output, "--model", "bicubic", .. options], new ParserConfiguration { ResponseFileTokenReplacer = null })
                .Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
            return (exitCode, error.ToString());
        }
        finally
        {
            Console.SetOut(standardOutput);
            Console.SetError(standardError);
        }
    }
}
