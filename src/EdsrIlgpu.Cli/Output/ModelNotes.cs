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
        yield return $"range: {config.Range}, {Of(info.RangeFrom)}";
        if (info.TrialGain is { } gain)
            yield return FormattableString.Invariant($"tried: it enlarges a drawn picture {Math.Abs(gain):F1} dB {(gain > 0 ? "better" : "worse")} than bicubic resampling")
                + (gain > 0 ? "" : "; if it is trained to, give edsr convert its --range or --residual-scale");
    }

    private static string Of(Provenance? provenance) => provenance switch
    {
        Provenance.Caller => "as given",
        Provenance.Metadata => "as the file says",
        Provenance.MeanShifts => "as sub_mean and add_mean say",
        Provenance.Trial => "with which it enlarges clearly best",
        _ => "as is usual for such networks; the file does not say it",
    };
}
