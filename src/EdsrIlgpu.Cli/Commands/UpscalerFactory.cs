using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Import;
using EdsrIlgpu.Models;
using EdsrIlgpu.Models.Pretrained;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>Makes an upscaler of what --model, --scale and --device say.</summary>
internal static class UpscalerFactory
{
    /// <summary>The upscaler, and the device it runs on (null where no network runs).</summary>
    /// <exception cref="EdsrException">There is no such model or device, the model has another scale, or none is shipped for it.</exception>
    public static (IUpscaler Upscaler, ComputeDevice? Device) Open(string? model, int? scale, string device, int threads)
    {
        if (model is null)
            return Open(PretrainedModels.Load(scale ?? 2), device, threads);
        if (model.Length == 0)
            throw new EdsrException("--model names nothing: give a file, or leave it out for the trained model that ships.");
        if (ResamplingUpscaler.Names.Contains(model))
        {
            // No network runs, but a device that does not exist is a mistake all the same; auto always does.
            using var unused = device == "auto" ? null : DeviceFactory.Open(device, threads);
            return (new ResamplingUpscaler(model, scale ?? 2), null);
        }
        if (!Path.HasExtension(model) && !Path.Exists(model))
            throw new EdsrException($"There is no model {model}: give a file, or {string.Join(" or ", ResamplingUpscaler.Names)}.");
        var network = ModelImport.Load(model, null, out var info);
        if (ModelNotes.Warning(info) is { } warning)
            CommandRun.Complain($"{model}: {warning}.");
        if (scale is { } asked && asked != network.Config.Scale)
            throw new EdsrException($"{model} makes pictures {network.Config.Scale} times larger, not {asked}: leave out --scale, or take a model for ×{asked}.");
        return Open(network, device, threads);
    }

    private static (IUpscaler Upscaler, ComputeDevice? Device) Open(EdsrModel network, string device, int threads)
    {
        var opened = DeviceFactory.Open(device, threads);
        return (new Upscaler(network, opened), opened);
    }
}
