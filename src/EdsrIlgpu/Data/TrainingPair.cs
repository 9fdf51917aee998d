namespace EdsrIlgpu.Data;

/// <summary>A picture to train on, and what the network sees of it.</summary>
/// <param name="Name">What its source calls it.</param>
/// <param name="Hr">The high-resolution picture; of the LR picture's size times the scale, if there is one.</param>
/// <param name="Lr">The low-resolution picture; null where it is made of each patch.</param>
public sealed record TrainingPair(string Name, TrainingPicture Hr, TrainingPicture? Lr);
