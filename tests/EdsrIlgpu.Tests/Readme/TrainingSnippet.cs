using EdsrIlgpu.Data;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Models;
using EdsrIlgpu.Training;
using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Tests.Readme;

/// <summary>The README's C# that trains, compiled; <see cref="ReadmeTests"/> holds it to the README's text and runs it.</summary>
internal static class TrainingSnippet
{
    public static void Run(IReadOnlyList<(int Width, int Height, byte[] Rgb)> images, int steps, string modelFile)
    {
        var config = new TrainingConfig(new EdsrConfig(Blocks: 8, Features: 32, Scale: 2)) { Batch = 16, Patch = 24, Rate = 1e-3f };

        using ComputeDevice device = ComputeDevices.Open("auto");
        TrainingPictures pictures = TrainingPictures.Load(new MyPictures(images), lr: null, config.Patches);    // LR by bicubic
        using PatchSampler batches = new(pictures, config.Network.Range);
        using Trainer trainer = new(config, batches, device);

        while (trainer.StepsDone < steps)
        {
            StepResult step = trainer.Step();
            Console.WriteLine($"step {step.Step}: loss {step.Loss}, rate {step.Rate}");
        }
        ModelFile.Save(trainer.Model(), modelFile);                            // for Upscaler.Open and edsr upscale
    }

    sealed class MyPictures(IReadOnlyList<(int Width, int Height, byte[] Rgb)> images) : IPictureSource
    {
        public int Count => images.Count;
        public string Name(int index) => $"picture {index}";               // for messages
        public TrainingPicture Load(int index) => new(images[index].Width, images[index].Height, channels: 3, images[index].Rgb);
    }
}
