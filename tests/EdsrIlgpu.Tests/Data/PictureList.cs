using EdsrIlgpu.Data;

namespace EdsrIlgpu.Tests.Data;

/// <summary>Pictures in memory; null for one that cannot be read.</summary>
internal sealed class PictureList(params (string Name, TrainingPicture? Picture)[] pictures) : IPictureSource
{
    public int Count => pictures.Length;

    public string Name(int index) => pictures[index].Name;

    public TrainingPicture Load(int index) => pictures[index].Picture ?? throw new EdsrException($"{Name(index)} is damaged.");

    public static TrainingPicture Noise(int width, int height, int channels, int seed) => TrainingPicture.Of(TestPictures.Noise(width, height, channels, seed));

    public static TrainingPicture Noise16(int width, int height, int channels, int seed)
    {
        var random = new Random(seed);
        var samples = new ushort[width * height * channels];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = (ushort)random.Next(65536);
        return new TrainingPicture(width, height, channels, samples);
    }
}
