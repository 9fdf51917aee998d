namespace EdsrIlgpu.Data;

/// <summary>
/// Pictures to train on, wherever they come from. They have an order and names, both the same whenever the same pictures are there.
/// </summary>
public interface IPictureSource
{
    /// <summary>How many there are.</summary>
    int Count { get; }

    /// <summary>What a picture is called, in messages and where pictures are paired: unlike all others, folders separated by <c>/</c>, with its extension if it has one.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    string Name(int index);

    /// <summary>Decodes a picture. Called from several threads at a time.</summary>
    /// <param name="index">0 to <see cref="Count"/> − 1.</param>
    /// <exception cref="EdsrException">It cannot be read; the message names it. Training goes on without it.</exception>
    TrainingPicture Load(int index);
}
