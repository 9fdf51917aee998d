using EdsrIlgpu.Devices;
using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Tests.Readme;

/// <summary>The README's C#, compiled; <see cref="ReadmeTests"/> holds it to the README's text and runs it.</summary>
internal static class ReadmeSnippet
{
    public static void Run(string modelFile, string input, string output)
    {
        using ComputeDevice device = ComputeDevices.Open("auto");          // CUDA if there is any, else the host
        using Upscaler upscaler = Upscaler.Open(modelFile, device);        // .safetensors, .pt, .pth, .pdparams

        Picture small = PictureFile.Load(input);                           // PNG, JPEG, WebP, TIFF, GIF, AVIF
        Picture large = upscaler.Upscale(small);                           // from as many threads as you like
        PictureFile.Save(large, output);

        byte[] rgb = new byte[64 * 48 * 3];                                // or any span of interleaved pixels
        byte[] twice = new byte[rgb.Length * upscaler.Scale * upscaler.Scale];
        upscaler.Upscale(rgb, width: 64, height: 48, twice);
    }
}
