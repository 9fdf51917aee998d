namespace EdsrIlgpu.Tests;

/// <summary>The collection of tests during which no other test runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public class Alone
{
    public const string Name = "alone";
}
