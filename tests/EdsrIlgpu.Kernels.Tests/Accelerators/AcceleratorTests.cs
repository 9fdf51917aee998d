namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>The collection of tests that share accelerators, one test at a time.</summary>
[CollectionDefinition(Name)]
public class AcceleratorTests
{
    public const string Name = "accelerators";
}
