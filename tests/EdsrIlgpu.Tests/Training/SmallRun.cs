using EdsrIlgpu.Data;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Metrics;
using EdsrIlgpu.Models;
using EdsrIlgpu.Resampling;
using EdsrIlgpu.Tests.Data;
using EdsrIlgpu.Training;

namespace EdsrIlgpu.Tests.Training;

/// <summary>All that it takes to train a tiny network for a few steps.</summary>
internal sealed class SmallRun : IDisposable
{
    public static readonly TrainingConfig Config = new(new EdsrConfig(1, 4, 2))
    {
        Steps = 30,
        Batch = 2,
        Patch = 8,
        Rate = 1e-3f,
        Milestones = [20],
        ValidateEvery = 10,
        CheckpointEvery = 7,
    };

    private readonly HostComputeDevice device;
    private readonly PatchSampler sampler;

    public SmallRun(TrainingConfig? config = null, Func<long, float>? spoil = null, int threads = 2)
    {
        config ??= Config;
        device = new HostComputeDevice(threads);
        var pictures = TrainingPictures.Load(new PictureList(("a", Picture(48, 40, 1)), ("b", Picture(40, 56, 2)), ("c", Picture(64, 48, 3))), null, config.Patches);
        sampler = new PatchSampler(pictures, config.Network.Range);
        Trainer = new Trainer(config, spoil is null ? sampler : new SpoiltBatches(sampler, spoil), device);
        var high = Picture(48, 48, 4).ToPicture();
        Validation = new ValidationSet([new ValidationPicture("v", MatlabBicubic.Downscale(high, 2), high)], 2, Protocol.Y);
    }

    public Trainer Trainer { get; }

    public ValidationSet Validation { get; }

    public ComputeDevice Device => device;

    /// <summary>Soft waves: something that a network can learn.</summary>
    public static TrainingPicture Picture(int width, int height, int seed)
    {
        var random = new Random(seed);
        double a = random.NextDouble() + 0.2, b = random.NextDouble() + 0.2;
        var samples = new byte[width * height * 3];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (byte)(128 + 100 * Math.Sin(a * (i / 3 % width) + i % 3) * Math.Cos(b * (i / 3 / width)));
        return new TrainingPicture(width, height, 3, samples);
    }

    /// <summary>The weights and all else that a checkpoint holds.</summary>
    public Checkpoint State => Trainer.Save();

    public void Dispose()
    {
        Trainer.Dispose();
        sampler.Dispose();
        device.Dispose();
    }
}
