using System.CommandLine;
using EdsrIlgpu.Cli.Output;
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
        var range = new Option<string>("--range")
        {
            Description = "What the network's pixels are, where the file does not say: 0–255 (255), [0, 1] (unit), both without or with the DIV2K mean subtracted (-mean), or [-1, 1] (signed). Else what it enlarges best with.",
            HelpName = string.Join('|', NamedRange.All.Select(r => r.Name)),
        };
        range.CompletionSources.Add([.. NamedRange.All.Select(r => r.Name)]);
        range.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !NamedRange.All.Any(r => r.Name == token.Value))
                result.AddError($"--range takes {string.Join(" or ", NamedRange.All.Select(r => r.Name))}, not '{token.Value}'.");
        });
        var residualScale = new Option<float?>("--residual-scale")
        {
            Description = "The factor on each residual block's branch, where the file does not say it. Else 0.1 for 256 features and 1 for others, or what it enlarges best with.",
            HelpName = "X",
            CustomParser = result =>
            {
                float value = SharedOptions.Number<float>(result, "--residual-scale");
                if (!result.Errors.Any() && (!float.IsFinite(value) || value == 0))
                    result.AddError($"--residual-scale takes a finite number other than 0, not '{result.Tokens[^1].Value}'.");
                return value;
            },
        };
        var command = new Command("convert", "Convert a model file to safetensors.") { input, output, half, range, residualScale };
        command.Runs((parsed, _) =>
        {
            string from = parsed.GetRequiredValue(input), to = parsed.GetRequiredValue(output);
            if (!to.EndsWith(".safetensors", StringComparison.OrdinalIgnoreCase))
                throw new EdsrException($"{to} must end in .safetensors, which is what convert writes.");
            if (RealPath.Of(from) == RealPath.Of(to))
                throw new EdsrException($"{to} is the input and would be overwritten: write elsewhere.");
            string? named = parsed.GetValue(range);
            var model = ModelImport.Load(from, new ModelFileOptions { ResidualScale = parsed.GetValue(residualScale), Range = NamedRange.All.FirstOrDefault(r => r.Name == named)?.Range }, out var info);
            ModelFile.Save(model, to, parsed.GetValue(half));
            Console.WriteLine(OneLine.Of($"{from} → {to}: EDSR ×{model.Config.Scale}, {model.Config.Blocks} blocks of {model.Config.Features}, {model.ParameterCount:N0} parameters"));
            foreach (string note in ModelNotes.Of(info))
                Console.WriteLine(note);
            return CommandRun.Success;
        });
        return command;
    }
}
