namespace EdsrIlgpu.Training;

/// <summary>A picture that a network in training is tested with.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Lr">What the network gets.</param>
/// <param name="Hr">What it should make of it.</param>
public sealed record ValidationPicture(string Name, Picture Lr, Picture Hr);
