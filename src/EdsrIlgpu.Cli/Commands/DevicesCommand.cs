using System.CommandLine;
using System.Text.Json.Nodes;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Devices;

namespace EdsrIlgpu.Cli.Commands;

/// <summary><c>edsr devices</c>: where networks can run on this machine.</summary>
internal static class DevicesCommand
{
    public static Command Create()
    {
        var test = new Option<bool>("--test") { Description = "Open every accelerator and run a small convolution there, as is done anyway when one is first used." };
        var json = SharedOptions.Json();
        var command = new Command("devices", "List what networks can run on here, and why a device cannot be used.") { test, json };
        command.Runs((parsed, _) =>
        {
            var devices = ComputeDevices.List(parsed.GetValue(test));
            if (parsed.GetValue(json))
                JsonReport.Print(new JsonObject
                {
                    ["tested"] = parsed.GetValue(test),
                    ["devices"] = new JsonArray([.. devices.Select(d => (JsonNode)new JsonObject
                    {
                        ["name"] = d.Name,
                        ["description"] = d.Description,
                        ["memoryBytes"] = d.MemoryBytes,
                        ["usable"] = d.UnusableReason is null,
                        ["reason"] = d.UnusableReason,
                    })]),
                });
            else
                foreach (var device in devices)
                    Console.WriteLine($"{device.Name,-10} {device.Description}{(device.MemoryBytes > 0 ? $", {device.MemoryBytes >> 20} MiB" : "")}{(device.UnusableReason is null ? "" : $": not usable, {device.UnusableReason}")}");
            return CommandRun.Success;
        });
        return command;
    }
}
