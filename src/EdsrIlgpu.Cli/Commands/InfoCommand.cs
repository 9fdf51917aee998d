using System.CommandLine;
using System.Text.Json.Nodes;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Import;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr info</c>: what a weight file is.</summary>
internal static class InfoCommand
{
    public static Command Create()
    {
        var file = SharedOptions.File("FILE", $"A weight file: {SharedOptions.ModelFormats}.");
        var tensors = new Option<bool>("--tensors") { Description = "List the tensors, too." };
        var json = SharedOptions.Json();
        var command = new Command("info", "Tell what a weight file is: its network, scale, range and tensors.") { file, tensors, json };
        command.Runs((parsed, _) =>
        {
            string path = parsed.GetRequiredValue(file);
            var info = ModelImport.Describe(path);
            if (parsed.GetValue(json))
                JsonReport.Print(Json(info));
            else
                Print(path, info, parsed.GetValue(tensors));
            return CommandRun.Success;
        });
        return command;
    }

    private static void Print(string path, ModelFileInfo info, bool tensors)
    {
        Console.WriteLine(OneLine.Of($"{path}: {info}"));
        foreach (string note in ModelNotes.Of(info))
            Console.WriteLine(note);
        foreach (var (key, value) in info.Metadata)
            Console.WriteLine(Printable.Text($"{key}: {value}"));
        if (tensors)
            foreach (var tensor in info.Tensors)
                Console.WriteLine(tensor);
    }

    private static JsonObject Json(ModelFileInfo info)
    {
        var report = new JsonObject { ["container"] = info.Container, ["isEdsr"] = info.Config is not null };
        if (info.Config is { } config)
        {
            report["scale"] = config.Scale;
            report["blocks"] = config.Blocks;
            report["features"] = config.Features;
            report["channels"] = config.Channels;
            report["residualScale"] = config.ResidualScale;
            report["tiedBlocks"] = config.TiedBlocks;
            report["globalSkip"] = config.GlobalSkip;
            report["subPixelOutput"] = config.SubPixelOutput;
            report["names"] = info.KeyStyle;
            report["wrapper"] = info.Wrapper;
            report["residualScaleFrom"] = info.ResidualScaleFrom.ToString();
            report["rangeFrom"] = info.RangeFrom.ToString();
            report["trialGain"] = info.TrialGain;
            report["range"] = new JsonObject
            {
                ["gain"] = config.Range.Gain,
                ["inputOffset"] = new JsonArray([.. config.Range.InputOffset.Select(v => (JsonNode)v)]),
                ["outputOffset"] = new JsonArray([.. config.Range.OutputOffset.Select(v => (JsonNode)v)]),
            };
        }
        else
        {
            report["problem"] = info.Problem;
            report["resembles"] = info.Resembles;
        }
        report["parameters"] = info.ParameterCount;
        report["metadata"] = new JsonObject(info.Metadata.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value)));
        report["tensors"] = new JsonArray([.. info.Tensors.Select(t => (JsonNode)new JsonObject
        {
            ["name"] = t.Name,
            ["type"] = t.Type.ToString(),
            ["shape"] = new JsonArray([.. t.Shape.Select(s => (JsonNode)s)]),
        })]);
        return report;
    }
}
