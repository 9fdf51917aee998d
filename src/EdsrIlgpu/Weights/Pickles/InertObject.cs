namespace EdsrIlgpu.Weights.Pickles;

/// <summary>Something that training checkpoints hold beside weights and that says nothing about them: a device, a counter, options.</summary>
internal sealed class InertObject
{
    /// <summary>All of them.</summary>
    public static InertObject Instance { get; } = new();

    private InertObject() { }
}
