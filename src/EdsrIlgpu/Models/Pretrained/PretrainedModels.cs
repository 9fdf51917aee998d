namespace EdsrIlgpu.Models.Pretrained;

/// <summary>The trained models that ship inside this library, one for each scale; README.md beside this file tells what they are.</summary>
public static class PretrainedModels
{
    private static readonly EmbeddedModels Embedded = new(
        typeof(PretrainedModels).Assembly.GetManifestResourceNames(), name => typeof(PretrainedModels).Assembly.GetManifestResourceStream(name)!);

    /// <summary>The scales that there are models for, ascending.</summary>
    public static IReadOnlyList<int> Scales => Embedded.Scales;

    /// <summary>Reads the model of a scale.</summary>
    /// <param name="scale">One of <see cref="Scales"/>.</param>
    /// <exception cref="EdsrException">There is none for it; the message names the scales there are.</exception>
    public static EdsrModel Load(int scale) => Embedded.Load(scale);
}
