namespace EdsrIlgpu.Kernels;

/// <summary>Picks from a ranked list of variants.</summary>
internal static class VariantChoice
{
    /// <summary>The first variant that supports the problem, or the one that the environment variable names.</summary>
    /// <exception cref="ForcedVariantException">The named variant does not exist or does not support the problem.</exception>
    public static T Pick<T>(IReadOnlyList<T> ranked, Func<T, string> name, Func<T, bool> supports, string variable, object problem)
    {
        string? forced = Environment.GetEnvironmentVariable(variable);
        foreach (var variant in ranked)
            if ((string.IsNullOrEmpty(forced) || name(variant) == forced) && supports(variant))
                return variant;
        throw new ForcedVariantException(
            $"{variable}={forced} names no variant that computes {problem}; set it to {string.Join(" or ", ranked.Where(supports).Select(name))}, or not at all.");
    }
}
