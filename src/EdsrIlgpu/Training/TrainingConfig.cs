using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using EdsrIlgpu.Data;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Metrics;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Training;

/// <summary>
/// Everything that decides how a training run goes: equal settings and pictures on the same device give equal weights, bit for bit.
/// The defaults are the recipe of the EDSR paper's baseline.
/// </summary>
/// <param name="Network">The network that is trained.</param>
public sealed record TrainingConfig(EdsrConfig Network)
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        IgnoreReadOnlyProperties = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new DegradationRangesConverter() },
    };

    /// <summary>What is made small.</summary>
    public LossFunction Loss { get; init; } = LossFunction.L1;

    /// <summary>Steps to make, at least 1.</summary>
    public long Steps { get; init; } = 300_000;

    /// <summary>Patches of a batch, at least 1.</summary>
    public int Batch { get; init; } = 16;

    /// <summary>Side of a low-resolution patch in pixels, at least 1.</summary>
    public int Patch { get; init; } = 48;

    /// <summary>Adam's learning rate before the schedule, above 0.</summary>
    public float Rate { get; init; } = 1e-4f;

    /// <summary>How the learning rate goes down.</summary>
    public RateSchedule Schedule { get; init; } = RateSchedule.Multistep;

    /// <summary>
    /// For <see cref="RateSchedule.Multistep"/> the numbers of steps after which the rate is multiplied by <see cref="Gamma"/>, rising;
    /// for <see cref="RateSchedule.Step"/> one number, every how many steps it is; else empty.
    /// </summary>
    public IReadOnlyList<long> Milestones { get; init; } = [200_000];

    /// <summary>Factor on the learning rate at milestones, above 0, at most 1.</summary>
    public double Gamma { get; init; } = 0.5;

    /// <summary>Steps in which the learning rate rises to its full value, from 0.</summary>
    public long Warmup { get; init; }

    /// <summary>Decay of the parameters' exponential moving average, which is then validated and kept; 0 for none, below 1.</summary>
    public float Ema { get; init; }

    /// <summary>The L2 norm beyond which gradients are scaled down to it; 0 for no bound.</summary>
    public float ClipNorm { get; init; }

    /// <summary>What to do when the loss explodes.</summary>
    public DivergenceAction OnDivergence { get; init; }

    /// <summary>Decides initial weights, patches and everything else that is random.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Every how many steps the network is validated, at least 1.</summary>
    public long ValidateEvery { get; init; } = 1000;

    /// <summary>Every how many steps a checkpoint is written, at least 1.</summary>
    public long CheckpointEvery { get; init; } = 1000;

    /// <summary>How low-resolution pictures are made where none are given.</summary>
    public Reduction Reduction { get; init; }

    /// <summary>Whether patches with next to nothing in them are drawn anew.</summary>
    public bool SkipFlat { get; init; }

    /// <summary>How low-resolution patches are made worse; null for not at all.</summary>
    public DegradationRanges? Degradations { get; init; }

    /// <summary>What the run is trained on, see <see cref="PictureFingerprint"/>; null where nobody looked.</summary>
    public string? Pictures { get; init; }

    /// <summary>What the network is validated with, see <see cref="PictureFingerprint"/>; null where nobody looked.</summary>
    public string? Validation { get; init; }

    /// <summary>Name of the model file that the run starts from; null for random weights.</summary>
    public string? Init { get; init; }

    /// <summary>The network in a few words, for people.</summary>
    public string NetworkText => FormattableString.Invariant(
        $"EDSR ×{Network.Scale}, {Network.Blocks} {(Network.TiedBlocks ? "tied " : "")}{(Network.Blocks == 1 ? "block" : "blocks")} of {Network.Features}{(Network.Channels == 1 ? ", grey" : "")}");

    /// <summary>Which patches it is trained on.</summary>
    public PatchOptions Patches => new(Network.Scale)
    {
        Channels = Network.Channels,
        Patch = Patch,
        Batch = Batch,
        Seed = Seed,
        Reduction = Reduction,
        SkipFlat = SkipFlat,
        Degradations = Degradations,
    };

    /// <summary>The paper's recipe for 16 blocks of 64 features.</summary>
    public static TrainingConfig Baseline(int scale) => new(EdsrConfig.Baseline(scale));

    /// <summary>The paper's recipe for 32 blocks of 256 features.</summary>
    public static TrainingConfig Full(int scale) => new(EdsrConfig.Full(scale)) { Steps = 1_000_000, Milestones = [200_000, 400_000, 600_000, 800_000] };

    /// <summary>The tutorial's recipe: MSE, batches of 30 patches of 96 high-resolution pixels, the rate falling by a hundredth with each epoch.</summary>
    /// <param name="scale">Factor.</param>
    /// <param name="stepsPerEpoch">Steps in which each picture gives one patch.</param>
    public static TrainingConfig Tutorial(int scale, long stepsPerEpoch) => new(EdsrConfig.Tutorial(scale))
    {
        Loss = LossFunction.Mse,
        Steps = 100 * stepsPerEpoch,
        Batch = 30,
        Patch = Math.Max(1, 96 / scale),
        Schedule = RateSchedule.Step,
        Milestones = [stepsPerEpoch],
        Gamma = 0.99,
        Reduction = Reduction.Bilinear,
    };

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="EdsrException">The text is no such JSON, or a setting is out of range.</exception>
    public static TrainingConfig FromJson(string json)
    {
        try
        {
            var config = JsonSerializer.Deserialize<TrainingConfig>(json, Json) ?? throw new JsonException("It is null.");
            config.Validate();
            return config;
        }
        catch (JsonException problem)
        {
            throw new EdsrException($"The settings cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>What the file of a network says of how it was trained.</summary>
    /// <param name="validation">How well it does.</param>
    /// <param name="protocol">By what protocol.</param>
    public IReadOnlyDictionary<string, string> Describe(ValidationResult validation, Protocol protocol)
    {
        var described = new Dictionary<string, string>
        {
            ["recipe"] = ToString(),
            ["step"] = validation.Step.ToString(CultureInfo.InvariantCulture),
            ["psnr"] = validation.Mean.Psnr.ToString("F3", CultureInfo.InvariantCulture),
            ["ssim"] = validation.Mean.Ssim.ToString("F4", CultureInfo.InvariantCulture),
            ["validation"] = $"mean of {validation.Pictures.Count} pictures, protocol {protocol.ToString().ToLowerInvariant()}",
        };
        if (Pictures is not null)
            described["training_pictures"] = Pictures;
        if (Init is not null)
            described["initialised_from"] = Init;
        return described;
    }

    /// <summary>All settings as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json) + "\n";

    /// <summary>The settings that another run has otherwise, as "batch 16, not 8"; the other's value comes second.</summary>
    public IReadOnlyList<string> Differences(TrainingConfig other)
    {
        var mine = Flatten(JsonSerializer.SerializeToNode(this, Json), "").ToDictionary();
        return [.. Flatten(JsonSerializer.SerializeToNode(other, Json), "").Where(s => mine[s.Key] != s.Value).Select(s => $"{s.Key} {mine[s.Key]}, not {s.Value}")];
    }

    /// <summary>The recipe in one line, for people.</summary>
    public override string ToString()
    {
        string schedule = Schedule switch
        {
            RateSchedule.Multistep when Milestones.Count > 0 => FormattableString.Invariant($"×{Gamma} at {string.Join(", ", Milestones)}"),
            RateSchedule.Step => FormattableString.Invariant($"×{Gamma} every {Milestones[0]}"),
            RateSchedule.Cosine => "cosine to 0",
            _ => "constant",
        };
        return FormattableString.Invariant($"{Loss.ToString().ToUpperInvariant()}, Adam {Rate} {schedule}{(Warmup > 0 ? $", warm-up {Warmup}" : "")}, {Steps} steps of {Batch} patches of {Patch}×{Patch}")
            + FormattableString.Invariant($"{Clause(", EMA ", Ema)}{Clause(", gradient norm at most ", ClipNorm)}{(SkipFlat ? ", no flat patches" : "")}{(Degradations is null ? "" : $", LR made worse by {Degradations}")}, seed {Seed}");

        static string Clause(string name, float value) => value > 0 ? name + value.ToString(CultureInfo.InvariantCulture) : "";
    }

    /// <summary>Throws where a setting is out of its range.</summary>
    /// <exception cref="EdsrException">One is.</exception>
    public void Validate()
    {
        Require(Network is { Blocks: >= 0 and <= 1024, Features: >= 1 and <= 4096, Channels: 1 or 3 }, "a network has 0 to 1024 blocks of 1 to 4096 features, and 1 or 3 channels");
        Require(float.IsFinite(Network.ResidualScale) && Network.Range is { Gain: > 0, InputOffset.Length: > 0, OutputOffset.Length: > 0 }, "the network's residual scale or range is no number");
        Require(Network.Scale is 2 or 3 or 4 or 6 or 8 or 9 or 12 or 16, $"the scale is {Network.Scale}, and is to be 2, 3 or 4, or another product of 2s and 3s of at most 16");
        Require(Enum.IsDefined(Loss) && Enum.IsDefined(Schedule) && Enum.IsDefined(OnDivergence) && Enum.IsDefined(Reduction), "a setting has a value without a name");
        Require(Steps >= 1, $"the number of steps is {Steps}, and is to be at least 1");
        Require(Batch is >= 1 and <= 4096, $"the batch is {Batch}, and is to be 1 to 4096");
        Require(Patch is >= 1 and <= 4096, $"the patch is {Patch}, and is to be 1 to 4096 low-resolution pixels");
        Require(Rate > 0 && float.IsFinite(Rate), FormattableString.Invariant($"the learning rate is {Rate}, and is to be above 0 and finite"));
        Require(Gamma is > 0 and <= 1, FormattableString.Invariant($"gamma is {Gamma}, and is to be above 0 and at most 1"));
        Require(Milestones is not null && Milestones.All(m => m >= 1) && Milestones.Zip(Milestones.Skip(1)).All(pair => pair.First < pair.Second), "milestones are to be numbers of steps, rising, from 1");
        Require(Schedule != RateSchedule.Step || Milestones!.Count == 1, $"the schedule step takes one milestone, every how many steps the rate falls, and {Milestones!.Count} are given");
        Require(Schedule is RateSchedule.Step or RateSchedule.Multistep || Milestones!.Count == 0, "only the schedules multistep and step have milestones");
        Require(Warmup >= 0 && Warmup < Steps, $"the warm-up is {Warmup}, and is to be from 0 and less than the {Steps} steps");
        Require(Ema is >= 0 and < 1, FormattableString.Invariant($"the average's decay is {Ema}, and is to be from 0 and below 1"));
        Require(ClipNorm >= 0 && float.IsFinite(ClipNorm), FormattableString.Invariant($"the bound of the gradient norm is {ClipNorm}, and is to be at least 0"));
        Require(ValidateEvery >= 1, $"validation is asked for every {ValidateEvery} steps, and that is to be at least 1");
        Require(CheckpointEvery >= 1, $"checkpoints are asked for every {CheckpointEvery} steps, and that is to be at least 1");

        static void Require(bool holds, string otherwise)
        {
            if (!holds)
                throw new EdsrException($"These settings cannot be trained with: {otherwise}.");
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Flatten(JsonNode? node, string name) => node is JsonObject fields
        ? fields.SelectMany(field => Flatten(field.Value, field.Key))
        : [new(name, node?.ToJsonString(Json) ?? "none")];
}
