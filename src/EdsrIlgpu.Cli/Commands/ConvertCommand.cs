using System.CommandLine;
using EdsrIlgpu.Import;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr convert</c>: any model file that can be read to a self-describing safetensors file.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var input = SharedOptions.File("IN", $"A model file: {SharedOptions.ModelFormats}.");
        var output = SharedOptions.File("OUT", "The safetensors file to write.");
        var half = new Option<bool>("--half") { Description = "Store the parameters as 16-bit floats: half the size, and hardly another picture." };
        var command = new Command("convert", "Convert a model file to safetensors.") { input, output, half };
        command.Runs((parsed, _) =>
        {
            string from = parsed.GetRequiredValue(input), to = parsed.GetRequiredValue(output);
            if (!to.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
                throw new EdsrException($"{to} must end in .safetensors, which is what convert writes.");
            if (RealPath.Of(from) == RealPath.Of(to))
                throw new EdsrException($"{to} is the input and would be overwritten: write elsewhere.");
            var model = ModelImport.Load(from);
            ModelFile.Save(model, to, parsed.GetValue(half));
            Console.WriteLine($"{from} → {to}: EDSR ×{model.Config.Scale}, {model.Config.Blocks} blocks of {model.Config.Features}, {model.ParameterCount:N0} parameters");
            return CommandRun.Success;
        });
        return command;
    }
}
