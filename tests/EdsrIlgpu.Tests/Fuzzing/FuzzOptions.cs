using System.Globalization;

namespace EdsrIlgpu.Tests.Fuzzing;

/// <summary>How long a <see cref="Fuzzer"/> runs, from which random seed, and what a parser may take for one input.</summary>
internal sealed record FuzzOptions
{
    /// <summary>How long mutants are made: EDSR_FUZZ_SECONDS, or 1 second.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(Number("EDSR_FUZZ_SECONDS") ?? 1);

    /// <summary>From which all mutants follow: EDSR_FUZZ_SEED, a number, or <c>random</c> for another one every time; 1 if it is not set.</summary>
    public int Seed { get; init; } = Environment.GetEnvironmentVariable("EDSR_FUZZ_SEED") == "random" ? Random.Shared.Next() : (int)(Number("EDSR_FUZZ_SEED") ?? 1);

    /// <summary>What an input may take.</summary>
    public TimeSpan TimeLimit { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Managed bytes that an input may allocate whatever its size.</summary>
    public long AllocationBase { get; init; } = 1 << 20;

    /// <summary>Managed bytes that an input may allocate for each of its own.</summary>
    public long AllocationPerByte { get; init; } = 32;

    /// <summary>Where inputs that fail are written.</summary>
    public string FailureFolder { get; init; } = Path.Combine(Path.GetTempPath(), "edsr-fuzz");

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out double value) ? value : null;
}
