using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights.Recognition;

/// <summary>What a weight file's tensors are, read as an EDSR: the network, its parameters, and how it is known what the names do not say.</summary>
internal sealed class EdsrReading
{
    // Between the means of networks in [0, 1] and in 0–255.
    private const float LargestUnitMean = 1.5f;

    // Decibels by which something else must be better than what is usual. What costs a network less does not matter.
    private const double Clear = 0.5;

    // Elements that a network's tensors may claim beside one for each byte of the file: views of one storage could claim any number.
    private const long ElementsBeyondFile = 64 << 10;

    private static readonly PixelRange[] Ranges = [PixelRange.EdsrPyTorch, PixelRange.UnitMean, PixelRange.Unit, PixelRange.SignedUnit, PixelRange.Byte];

    private static readonly float[] ResidualScales = [1, 0.1f];

    private readonly TensorFile file;
    private readonly ModelFileOptions options;

    private EdsrReading(TensorFile file, ModelFileOptions options, EdsrTensors found, EdsrConfig inferred)
    {
        (this.file, this.options, Found) = (file, options, found);
        Config = EdsrMetadata.Apply(file.Network, inferred);
        RangeFrom = EdsrMetadata.StatesRange(file.Network) ? Provenance.Metadata : Provenance.Convention;
        ResidualScaleFrom = EdsrMetadata.StatesResidualScale(file.Network) ? Provenance.Metadata : Provenance.Convention;
        if (options.ResidualScale is { } scale)
            (Config, ResidualScaleFrom) = (Config with { ResidualScale = scale }, Provenance.Caller);
        if (options.Range is { } range)
            (Config, RangeFrom) = (Config with { Range = range }, Provenance.Caller);
        else if (HasMeanShifts)
            ApplyMeanShifts();
        Parameters = Read(HasMeanShifts && options.Range is null);
        if (RangeFrom is Provenance.Convention or Provenance.MeanShifts || ResidualScaleFrom is Provenance.Convention)
            Try();
    }

    /// <summary>The file's tensors.</summary>
    public EdsrTensors Found { get; }

    /// <summary>The network.</summary>
    public EdsrConfig Config { get; private set; }

    /// <summary>How the range is known.</summary>
    public Provenance RangeFrom { get; private set; }

    /// <summary>How the residual scale is known.</summary>
    public Provenance ResidualScaleFrom { get; private set; }

    /// <summary>By how many decibels the network enlarges a drawn picture better than bicubic resampling; null if it was not tried.</summary>
    public double? TrialGain { get; private set; }

    /// <summary>Filters and biases by EDSR-PyTorch's names.</summary>
    public Dictionary<string, float[]> Parameters { get; private set; }

    private bool HasMeanShifts => MeanShift.Names.Any(Found.ByName.ContainsKey);

    /// <summary>Reads a file's EDSR.</summary>
    /// <returns>It, or why there is none.</returns>
    /// <exception cref="WeightFileException">There are several, they claim more than the file holds, weights are NaN or infinite, or options do not fit the network.</exception>
    public static (EdsrReading? Reading, string Problem) Of(TensorFile file, ModelFileOptions options)
    {
        if (file.Problem is not null)
            return (null, file.Problem);
        var candidates = EdsrTensors.Find(file.Tensors).Select(found => (Found: found, Network: EdsrLayout.Recognise(found))).ToList();
        var networks = candidates.Where(c => c.Network.Config is not null).ToList();
        if (networks.Count == 0)
            return (null, candidates[0].Network.Problem);
        var averages = networks.Where(c => c.Found.IsAverage).ToList();
        var (found, (config, _)) = networks.Count == 1 ? networks[0] : averages.Count == 1 ? averages[0] : throw new WeightFileException(
            $"holds several EDSRs ({string.Join(", ", networks.Select(c => Printable.Name(c.Found.Prefix.TrimEnd('.'))))}): save the one that you mean alone.");
        if (options.Range is { } range && !Fits(range, config!.Channels))
            throw new WeightFileException($"is a network of {(config.Channels == 1 ? "1 channel" : $"{config.Channels} channels")}, and the range that was given is of {Math.Max(range.InputOffset.Length, range.OutputOffset.Length)}: give one that fits.");
        if (found.ByName.Values.Sum(tensor => Math.Max(tensor.Count, tensor.Span)) is var elements && elements > file.Length + ElementsBeyondFile)
            throw new WeightFileException($"claims {elements} elements for its network in {file.Length} bytes, so many tensors share their values. Save a copy of each.");
        return (new EdsrReading(file, options, found, config!), "");
    }

    private static bool Fits(PixelRange range, int channels) =>
        (range.InputOffset.Length == 1 || range.InputOffset.Length == channels) && (range.OutputOffset.Length == 1 || range.OutputOffset.Length == channels);

    private void ApplyMeanShifts()
    {
        float gain = RangeFrom is Provenance.Metadata ? Config.Range.Gain
            : MeanShift.Range(Finite, 1).OutputOffset.All(mean => Math.Abs(mean) < LargestUnitMean) ? 1 / 255f : 1;
        var stored = MeanShift.Range(Finite, gain);
        // Metadata may say one value for all channels where the tensors have one for each.
        bool same = Same(Config.Range.InputOffset, stored.InputOffset) && Same(Config.Range.OutputOffset, stored.OutputOffset);
        if (!same || RangeFrom is not Provenance.Metadata)
            (Config, RangeFrom) = (Config with { Range = stored }, Provenance.MeanShifts);

        bool Same(float[] stated, float[] values) => MeanShift.Expand(stated, Config.Channels).AsSpan().SequenceEqual(values);
    }

    /// <summary>The parameters, with the weights of the mean shifts in them or not.</summary>
    private Dictionary<string, float[]> Read(bool folded)
    {
        var parameters = EdsrLayout.Parameters(Config).ToDictionary(p => p.Name, p => Finite(p.Name));
        if (folded)
            MeanShift.Fold(Finite, parameters, Config);
        return parameters;
    }

    private float[] Finite(string name)
    {
        var values = Found.ByName[name].Read();
        return Array.TrueForAll(values, float.IsFinite) ? values : throw new WeightFileException(
            $"has NaN or infinity in {Found.InFile(name)}: its training diverged, or it is damaged. Take another file.");
    }

    /// <summary>
    /// Tries what the file does not say, and what differs from it in one thing, and so on from the best while that is clearly better.
    /// </summary>
    private void Try()
    {
        using var trial = new NetworkTrial(Config.Scale, Config.Channels, Parameters.Values.Sum(values => values.LongLength));
        bool rangeOpen = RangeFrom is Provenance.Convention or Provenance.MeanShifts, scaleOpen = ResidualScaleFrom is Provenance.Convention && Config.Blocks > 0;
        PixelRange own = Config.Range;
        var (folded, bare) = (Parameters, rangeOpen && HasMeanShifts ? Read(folded: false) : Parameters);
        var gains = new Dictionary<EdsrConfig, double>();
        var (best, next) = (Config, Config);
        do
        {
            best = next;
            Gain(best);
            foreach (var range in rangeOpen ? Ranges.Where(range => Fits(range, best.Channels)) : [])
                Gain(best with { Range = range });
            foreach (float scale in scaleOpen ? ResidualScales : [])
                Gain(best with { ResidualScale = scale });
            next = gains.MaxBy(tried => tried.Value).Key;
        }
        while (gains[next] > 0 && gains[next] > gains[best] + Clear);

        RangeFrom = best.Range.Equals(own) ? RangeFrom : Provenance.Trial;
        ResidualScaleFrom = best.ResidualScale == Config.ResidualScale ? ResidualScaleFrom : Provenance.Trial;
        (Config, Parameters, TrialGain) = (best, Of(best), gains[best]);

        Dictionary<string, float[]> Of(EdsrConfig config) => config.Range.Equals(own) ? folded : bare;

        void Gain(EdsrConfig config)
        {
            if (!gains.ContainsKey(config))
                gains.Add(config, trial.Gain(config, Of(config)));
        }
    }
}
