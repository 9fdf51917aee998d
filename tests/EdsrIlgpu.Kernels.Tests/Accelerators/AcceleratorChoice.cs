using System.Diagnostics.CodeAnalysis;

namespace EdsrIlgpu.Kernels.Tests.Accelerators;

/// <summary>
/// The accelerators that tests use: every kind that the machine has. Where EDSR_TEST_ACCELERATOR names one, opencl or cuda, that kind
/// alone, and then tests that find none fail: what was skipped would look like what passed. Where it names the host, none.
/// </summary>
internal static class AcceleratorChoice
{
    private const string Variable = "EDSR_TEST_ACCELERATOR";

    private static readonly string? Only = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } kind ? kind : null;

    /// <summary>Whether EDSR_TEST_SMALL asks for the smallest problems, for tools that watch every access.</summary>
    public static bool IsSmall { get; } = Environment.GetEnvironmentVariable("EDSR_TEST_SMALL") is { Length: > 0 };

    /// <summary>Whether a kind's devices are used if there are any.</summary>
    public static bool Takes(string kind) => Only is null || Only == kind;

    /// <summary>Ends the test where what it needs is missing: it is skipped, or fails if that kind was asked for.</summary>
    public static void Demand([DoesNotReturnIf(false)] bool isThere, string missing)
    {
        if (Only is null or "host")
            Assert.SkipUnless(isThere, missing);
        Assert.True(isThere, $"{missing} {Variable} asks for {Only}.");
    }
}
