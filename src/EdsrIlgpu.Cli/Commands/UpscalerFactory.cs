using EdsrIlgpu.Devices;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>Makes an upscaler of what --model, --scale and --device say.</summary>
internal static class UpscalerFactory
{
    /// <summary>The upscaler, and the device it runs on (null where no network runs).</summary>
    /// <exception cref="EdsrException">There is no such model or device, or the model has another scale.</exception>
    public static (IUpscaler Upscaler, ComputeDevice? Device) Open(string? model, int? scale, string device, int threads)
    {
        if (string.IsNullOrEmpty(model))
            throw new EdsrException("This version ships no trained model yet: give one with --model FILE, or take --model bicubic or --model bilinear.");
        if (ResamplingUpscaler.Names.Contains(model))
        {
            // No network runs, but a device that does not exist is a mistake all the same.
            using var unused = ComputeDevices.Open(device, threads);
            return (new ResamplingUpscaler(model, scale ?? 2), null);
        }
        if (!Path.HasExtension(model) && !Path.Exists(model))
            throw new EdsrException($"There is no model {model}: give a file, or {string.Join(" or ", ResamplingUpscaler.Names)}.");
        var network = ModelFile.Load(model);
        if (scale is { } asked && asked != network.Config.Scale)
            throw new EdsrException($"{model} makes pictures {network.Config.Scale} times larger, not {asked}: leave out --scale, or take a model for ×{asked}.");
        var opened = ComputeDevices.Open(device, threads);
        return (new Upscaler(network, opened), opened);
    }
}
