using EdsrIlgpu.Weights;

namespace EdsrIlgpu.Cli.Output;

/// <summary>What there is to know of an EDSR's file beside the network: whose names it has, and how its range and residual scale are known.</summary>
internal static class ModelNotes
{
    /// <summary>One line each; none for a file that holds no EDSR.</summary>
    public static IEnumerable<string> Of(ModelFileInfo info)
    {
        if (info.Config is not { } config)
            yield break;
        yield return $"names: as in {info.KeyStyle}" + (info.Wrapper is null or "" ? "" : $", in {Printable.Name(info.Wrapper)}");
        yield return FormattableString.Invariant($"residual scale: {config.ResidualScale}, {Of(info.ResidualScaleFrom)}");
        yield return $"range: {NamedRange.Of(config.Range)}, {Of(info.RangeFrom)}";
        if (info.TrialGain is > 0 and { } gain)
            yield return FormattableString.Invariant($"tried: it enlarges a drawn picture {gain:F1} dB better than bicubic resampling");
        else if (Warning(info) is { } warning)
            yield return $"tried: {warning}";
    }

    /// <summary>What is to be said wherever the network is used: that it does not seem to enlarge; null if it does or says itself how it is used.</summary>
    public static string? Warning(ModelFileInfo info) => info.TrialGain is not <= 0 ? null
        : FormattableString.Invariant($"it enlarges a drawn picture {-info.TrialGain:F1} dB worse than bicubic resampling; if it is trained to, give edsr convert its --range or --residual-scale");

    private static string Of(Provenance? provenance) => provenance switch
    {
        Provenance.Caller => "as given",
        Provenance.Metadata => "as the file says",
        Provenance.MeanShifts => "as sub_mean and add_mean say",
        Provenance.Trial => "with which it enlarges clearly best",
        _ => "as is usual for such networks; the file does not say it",
    };
}
