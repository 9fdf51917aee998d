namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>Tests that share the accelerators, one after the other.</summary>
[CollectionDefinition(Name)]
public class AcceleratorCollection : ICollectionFixture<AcceleratorFixture>
{
    public const string Name = "accelerators";
}
