using System.CommandLine;
using EdsrIlgpu.Cli.Commands;
using EdsrIlgpu.Data;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;
using EdsrIlgpu.Training;

namespace EdsrIlgpu.Cli.Training;

/// <summary>The options that say what is trained and how.</summary>
/// <param name="data">Those that say on what.</param>
internal sealed class TrainOptions(DataOptions data)
{
    private readonly Option<string> preset = SharedOptions.Choice<Preset>("--preset", "Network and recipe, which other options change. baseline: the paper's 16 blocks of 64 features. full: its 32 of 256. tutorial: 32 tied blocks of 256, MSE, batches of 30; continues by itself.");
    private readonly Option<int?> blocks = Whole<int>("--blocks", "Residual blocks.", 0);
    private readonly Option<int?> features = Whole<int>("--features", "Channels of the body. 256 and more scale residuals by 0.1.", 1);
    private readonly Option<string> loss = Choice<LossFunction>("--loss", "What is made small: the mean absolute or squared error.");
    private readonly Option<long?> steps = Whole<long>("--steps", "Steps to train for.", 1);
    private readonly Option<long?> epochs = Whole<long>("--epochs", "The same in epochs: steps in which there are as many patches as pictures.", 1);
    private readonly Option<float?> rate = Fraction<float>("--lr", "Learning rate.");
    private readonly Option<string> schedule = Choice<RateSchedule>("--schedule", "How the rate goes down. multistep: at the milestones. step: every epoch, or as --milestones says. cosine: along a cosine to 0.");
    private readonly Option<long[]> milestones = new("--milestones")
    {
        Description = "Steps at which the rate is multiplied by gamma; with --schedule step one number, every how many steps it is.",
        HelpName = "N,N,…",
        CustomParser = result =>
        {
            string text = result.Tokens[^1].Value;
            string[] parts = text.Split(',');
            var values = new long[parts.Length];
            for (int i = 0; i < parts.Length; i++)
                if (!long.TryParse(parts[i], System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out values[i]))
                {
                    result.AddError($"--milestones takes numbers of steps with commas between them, not '{text}'.");
                    break;
                }
            return values;
        },
    };
    private readonly Option<double?> gamma = Fraction<double>("--gamma", "What the rate is multiplied by.");
    private readonly Option<long?> warmup = Whole<long>("--warmup", "Steps in which the rate rises to its full value.", 0);
    private readonly Option<float?> ema = Fraction<float>("--ema", "Decay of the weights' moving average, which is then what is kept, 0.999 for example; 0 for none.");
    private readonly Option<float?> clipNorm = Fraction<float>("--clip-norm", "Gradients of a larger L2 norm are scaled down to it; 0 for no bound.");
    private readonly Option<string> onDivergence = Choice<DivergenceAction>("--on-divergence", "What to do when the loss is NaN or over 100 times its running median: stop, or skip the batch.");
    private readonly Option<long?> validateEvery = Whole<long>("--validate-every", "Steps between two validations.", 1);
    private readonly Option<long?> checkpointEvery = Whole<long>("--checkpoint-every", "Steps between two checkpoints; there is one every five minutes anyway.", 1);
    private readonly Option<string> init = new("--init") { Description = "A model to start from, of whose kind the network is then; of one for another scale head and body are taken.", HelpName = "FILE" };

    /// <summary>Model to start from, or null.</summary>
    public string? Init(ParseResult parsed) => parsed.GetValue(init);

    /// <summary>Whether an existing run continues without being told to.</summary>
    public bool ContinuesByItself(ParseResult parsed) => parsed.Has(preset) && parsed.GetChoice<Preset>(preset) == Preset.Tutorial;

    /// <summary>Adds them all.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in (Option[])[preset, blocks, features, loss, steps, epochs, rate, schedule, milestones, gamma, warmup, ema, clipNorm, onDivergence, validateEvery, checkpointEvery, init])
            command.Add(option);
    }

    /// <summary>The settings that the options mean.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="begun">The settings of the run that goes on, which are kept where nothing else is asked for; null for a new run.</param>
    /// <param name="start">The network of the model that a new run starts from, which is trained on if nothing else is asked for; null for none.</param>
    /// <param name="pictures">How many pictures there are to train on, which makes an epoch.</param>
    /// <exception cref="EdsrException">A setting is out of its range.</exception>
    public TrainingConfig Settings(ParseResult parsed, TrainingConfig? begun, EdsrConfig? start, int pictures)
    {
        bool keeps = begun is not null && !parsed.Has(preset);
        var patches = data.Read(parsed, keeps ? begun!.Patches : Recipe(parsed, begun, 1).Patches);
        long epoch = Math.Max(1, (pictures + patches.Batch - 1L) / patches.Batch);
        var chosen = keeps ? begun! : Recipe(parsed, begun, epoch);
        var usual = (begun is null ? start : null) ?? chosen.Network;
        var network = usual with
        {
            Scale = patches.Scale,
            Channels = patches.Channels,
            Blocks = parsed.GetValue(blocks) ?? usual.Blocks,
            Features = parsed.GetValue(features) ?? usual.Features,
        };
        if (network.Features != usual.Features && !network.TiedBlocks)
            network = network with { ResidualScale = network.Features >= 256 ? 0.1f : 1 };
        if (network.Channels == 1 && network.Range == PixelRange.EdsrPyTorch)
            network = network with { Range = PixelRange.Unit with { Gain = 1 } };

        if (parsed.Has(steps) && parsed.Has(epochs))
            throw new EdsrException("--steps and --epochs are two ways to say the same: give one of them.");
        var decline = parsed.Has(schedule) ? parsed.GetChoice<RateSchedule>(schedule) : chosen.Schedule;
        var config = chosen with
        {
            Network = network,
            Loss = parsed.Has(loss) ? parsed.GetChoice<LossFunction>(loss) : chosen.Loss,
            Steps = parsed.GetValue(steps) ?? parsed.GetValue(epochs) * epoch ?? chosen.Steps,
            Batch = patches.Batch,
            Patch = patches.Patch,
            Seed = patches.Seed,
            Reduction = patches.Reduction,
            SkipFlat = patches.SkipFlat,
            Degradations = patches.Degradations,
            Rate = parsed.GetValue(rate) ?? chosen.Rate,
            Schedule = decline,
            Milestones = parsed.GetValue(milestones) is { Length: > 0 } given ? given
                : decline == chosen.Schedule ? chosen.Milestones
                : decline == RateSchedule.Step ? [epoch] : [],
            Gamma = parsed.GetValue(gamma) ?? chosen.Gamma,
            Warmup = parsed.GetValue(warmup) ?? chosen.Warmup,
            Ema = parsed.GetValue(ema) ?? chosen.Ema,
            ClipNorm = parsed.GetValue(clipNorm) ?? chosen.ClipNorm,
            OnDivergence = parsed.Has(onDivergence) ? parsed.GetChoice<DivergenceAction>(onDivergence) : chosen.OnDivergence,
            ValidateEvery = parsed.GetValue(validateEvery) ?? chosen.ValidateEvery,
            CheckpointEvery = parsed.GetValue(checkpointEvery) ?? chosen.CheckpointEvery,
            Init = Init(parsed) is { } file ? Path.GetFileName(file) : chosen.Init,
        };
        config.Validate();
        return config;
    }

    private TrainingConfig Recipe(ParseResult parsed, TrainingConfig? begun, long epoch)
    {
        int factor = data.Read(parsed, begun?.Patches ?? new PatchOptions(2)).Scale;
        return parsed.GetChoice<Preset>(preset) switch
        {
            Preset.Full => TrainingConfig.Full(factor),
            Preset.Tutorial => TrainingConfig.Tutorial(factor, epoch),
            _ => TrainingConfig.Baseline(factor),
        };
    }

    /// <summary>A choice whose default is the preset's.</summary>
    private static Option<string> Choice<T>(string name, string description) where T : struct, Enum
    {
        var option = SharedOptions.Choice<T>(name, description);
        option.DefaultValueFactory = null;
        return option;
    }

    private static Option<T?> Whole<T>(string name, string description, T least) where T : struct, System.Numerics.IBinaryInteger<T>, System.Numerics.IMinMaxValue<T> =>
        new(name) { Description = description, HelpName = "N", CustomParser = result => SharedOptions.WholeNumber(result, name, least, T.MaxValue) };

    private static Option<T?> Fraction<T>(string name, string description) where T : struct, System.Numerics.IFloatingPoint<T> =>
        new(name) { Description = description, HelpName = "X", CustomParser = result => SharedOptions.Number<T>(result, name) };
}
