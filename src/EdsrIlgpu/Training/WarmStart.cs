using EdsrIlgpu.Models;

namespace EdsrIlgpu.Training;

/// <summary>A network that begins with the weights of another: all of them where scale and tail are the same, else head and body.</summary>
public static class WarmStart
{
    /// <summary>Takes what fits.</summary>
    /// <param name="config">The network to begin.</param>
    /// <param name="source">The model whose weights are taken.</param>
    /// <param name="name">What the model is called, for messages.</param>
    /// <param name="seed">Decides the weights that are new.</param>
    /// <returns>The network, and one line that says what was taken.</returns>
    /// <exception cref="EdsrException">The model is not of this kind.</exception>
    public static (EdsrModel Model, string Told) From(EdsrConfig config, EdsrModel source, string name, ulong seed)
    {
        var from = source.Config;
        RequireSame("blocks", from.Blocks, config.Blocks);
        RequireSame("features", from.Features, config.Features);
        RequireSame("channels", from.Channels, config.Channels);
        RequireSame("residual scale", from.ResidualScale, config.ResidualScale);
        RequireSame("tied blocks", from.TiedBlocks, config.TiedBlocks);
        RequireSame("skip around the body", from.GlobalSkip, config.GlobalSkip);
        RequireSame("range", from.Range, config.Range);
        bool sameScale = from.Scale == config.Scale;
        if (sameScale && from.SubPixelOutput == config.SubPixelOutput)
            return (new EdsrModel(config, source.Parameters), $"All weights are those of {name}.");

        var parameters = InitialWeights.Draw(config, seed).Parameters.ToDictionary();
        foreach (string taken in parameters.Keys.Where(key => !key.StartsWith("tail.", StringComparison.Ordinal)).ToArray())
            parameters[taken] = source.Parameters[taken];
        return (new EdsrModel(config, parameters), $"Head and body are those of {name}, which {(sameScale ? "has another tail" : $"is for ×{from.Scale}")}; the tail for ×{config.Scale} is new.");

        void RequireSame<T>(string what, T theirs, T ours) where T : notnull
        {
            if (!theirs.Equals(ours))
                throw new EdsrException(FormattableString.Invariant($"{name} does not fit: its {what}: {theirs}; this network's: {ours}. Train a network like it, or take another model with --init."));
        }
    }
}
