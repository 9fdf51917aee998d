using System.CommandLine;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Data;
using EdsrIlgpu.Imaging;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>What a network is trained on, for every command that trains or shows it.</summary>
internal sealed class DataOptions
{
    private readonly Argument<string>? argument;
    private readonly Option<string>? data;
    private readonly Option<string?> lrData = new("--lr-data")
    {
        Description = "Folder of the LR pictures, named as the HR ones or with x2, x3, … added. If not given, they are made.",
        HelpName = "DIR",
    };

    private readonly Option<int> scale = Number("--scale", "Factor between LR and HR.", 1, 64);
    private readonly Option<int> channels = Number("--channels", "Channels of the network: 3 for RGB, 1 for luma.", 1, 3);
    private readonly Option<int> patch = Number("--patch", "Width and height of the LR patches.", 1, 1 << 14);
    private readonly Option<int> batch = Number("--batch", "Patches of a batch.", 1, 1 << 16);
    private readonly Option<ulong> seed = new("--seed")
    {
        Description = "What all that is random follows from.",
        HelpName = "N",
        CustomParser = result => SharedOptions.WholeNumber(result, "--seed", 0UL, ulong.MaxValue),
    };

    private readonly Option<string> reduction = SharedOptions.Choice<Reduction>("--reduction", "How LR pictures are made: bicubic is MATLAB's, of whole pictures; bilinear is the Python Imaging Library's, of each patch by itself.");
    private readonly Option<bool> skipFlat = new("--skip-flat") { Description = "Draw patches anew in which there is next to nothing to be seen." };
    private readonly Option<DegradationRanges?> degrade = new("--degrade")
    {
        Description = "Make LR patches worse: a list of jpeg, noise, blur, each with a range of strengths if it is not the usual one, as in jpeg:30-95,noise:0-25,blur:0-2. JPEG by its quality, noise by its standard deviation in levels of 255, blur by its in LR pixels. Pictures to validate with stay as they are.",
        HelpName = "LIST",
        CustomParser = result =>
        {
            try
            {
                return DegradationRanges.Parse(result.Tokens[^1].Value);
            }
            catch (EdsrException problem)
            {
                result.AddError($"--degrade: {problem.Message}");
                return null;
            }
        },
    };

    private readonly Option<long> maxPixels = SharedOptions.MaxPixels();

    /// <param name="folderIsArgument">Whether the folder is the command's argument; else it is <c>--data</c>.</param>
    public DataOptions(bool folderIsArgument)
    {
        const string Description = "Folder of HR pictures, and of such folders. Where some are called *_HR, only those are taken.";
        if (folderIsArgument)
            argument = new Argument<string>("DIR") { Description = Description };
        else
            data = new Option<string>("--data") { Description = Description, HelpName = "DIR", Required = true };
    }

    /// <summary>Gives a command these options.</summary>
    public void AddTo(Command command)
    {
        if (argument is not null)
            command.Add(argument);
        foreach (var option in (Option?[])[data, lrData, scale, channels, patch, batch, seed, reduction, skipFlat, degrade, maxPixels])
            if (option is not null)
                command.Add(option);
    }

    /// <summary>What was asked for; what was not is taken from <paramref name="defaults"/>.</summary>
    public PatchOptions Read(ParseResult parsed, PatchOptions defaults)
    {
        return defaults with
        {
            Scale = Given(scale, defaults.Scale),
            Channels = Given(channels, defaults.Channels),
            Patch = Given(patch, defaults.Patch),
            Batch = Given(batch, defaults.Batch),
            Seed = Given(seed, defaults.Seed),
            Reduction = IsGiven(reduction) ? parsed.GetChoice<Reduction>(reduction) : defaults.Reduction,
            SkipFlat = Given(skipFlat, defaults.SkipFlat),
            Degradations = Given(degrade, defaults.Degradations),
        };

        bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
        T? Given<T>(Option<T> option, T? otherwise) => IsGiven(option) ? parsed.GetValue(option) : otherwise;
    }

    /// <summary>Most pixels of a picture.</summary>
    public long MaxPixels(ParseResult parsed) => parsed.GetValue(maxPixels);

    /// <summary>The HR pictures that were asked for; none is opened. Says on standard error how many others there are.</summary>
    /// <exception cref="EdsrException">There is no such folder, or it has no pictures.</exception>
    public PictureFolder Find(ParseResult parsed) => Find(Folder(parsed), "_HR", parsed.GetValue(maxPixels));

    /// <summary>The files of those pictures.</summary>
    public IEnumerable<string> Files(ParseResult parsed, PictureFolder pictures) => Enumerable.Range(0, pictures.Count).Select(i => Path.Combine(Folder(parsed), pictures.Name(i)));

    /// <summary>Decodes the pictures, and says on standard error which are not trained on.</summary>
    /// <exception cref="EdsrException">None can be, or the options do not fit.</exception>
    public TrainingPictures Load(ParseResult parsed, PictureFolder pictures, PatchOptions options, CancellationToken cancel)
    {
        var lr = parsed.GetValue(lrData) is { } folder ? Find(folder, "_LR", parsed.GetValue(maxPixels)) : null;
        TrainingPictures? loaded = null;
        WorkDisplay.Run(true, 1, display =>
        {
            display.Begin("pictures", 0);
            loaded = TrainingPictures.Load(pictures, lr, options, display, cancel);
        });
        foreach (var (name, reason) in loaded!.Skipped)
            CommandRun.Complain($"{(reason.Contains(name, StringComparison.Ordinal) ? "" : $"{name}: ")}{reason}");
        if (loaded.Skipped.Count > 0)
            CommandRun.Complain($"{loaded.Skipped.Count} of {pictures.Count} pictures are left out.");
        return loaded;
    }

    private static PictureFolder Find(string folder, string ending, long maxPixels)
    {
        var pictures = new PictureFolder(folder, ending, maxPixels);
        if (pictures.LeftOut > 0)
            CommandRun.Complain($"{folder}: {pictures.LeftOut} {(pictures.LeftOut == 1 ? "picture is" : "pictures are")} left out, whose names do not end in {ending} as those of others do.");
        return pictures;
    }

    private string Folder(ParseResult parsed) => argument is not null ? parsed.GetRequiredValue(argument) : parsed.GetRequiredValue(data!);

    private static Option<int> Number(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => SharedOptions.WholeNumber(result, name, least, most),
    };
}
