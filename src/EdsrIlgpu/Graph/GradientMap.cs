using EdsrIlgpu.Kernels;

namespace EdsrIlgpu.Graph;

/// <summary>A map that backward steps write and read: a value's gradient, handed from value to value where it passes unchanged, or scratch.</summary>
/// <param name="id">Its index in <see cref="TrainingPlan.Gradients"/>.</param>
/// <param name="shape">Its shape.</param>
internal sealed class GradientMap(int id, MapShape shape)
{
    public int Id { get; } = id;

    public MapShape Shape { get; } = shape;

    /// <summary>The backward step that writes it first; −1 for the loss.</summary>
    public int Birth { get; set; } = int.MaxValue;

    /// <summary>The backward step that touches it last.</summary>
    public int Death { get; set; } = -1;
}
