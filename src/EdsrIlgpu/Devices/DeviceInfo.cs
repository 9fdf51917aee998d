namespace EdsrIlgpu.Devices;

/// <summary>A device of this machine.</summary>
/// <param name="Name">How it is asked for: host, cuda:0, opencl:0.</param>
/// <param name="Description">What it is, for people.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="UnusableReason">Why it cannot be used; null if it can.</param>
public sealed record DeviceInfo(string Name, string Description, long MemoryBytes, string? UnusableReason);
