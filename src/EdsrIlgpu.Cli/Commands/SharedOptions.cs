using System.CommandLine;
using System.Globalization;
using System.Numerics;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class SharedOptions
{
    /// <summary>The kinds of model files, for help texts.</summary>
    public const string ModelFormats = "safetensors, PyTorch's pt or pth, Paddle's pdparams, pdiparams or pdmodel, TensorFlow's pb";

    public static Argument<string[]> Inputs()
    {
        var argument = new Argument<string[]>("INPUT") { Description = "Pictures, or folders whose pictures are taken.", Arity = ArgumentArity.OneOrMore };
        // A mistyped option would be taken for a picture.
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
                if (token.Value.StartsWith('-') && !Path.Exists(token.Value))
                    result.AddError($"There is neither an option nor a file called '{token.Value}'.");
        });
        return argument;
    }

    /// <summary>An argument that names one file.</summary>
    public static Argument<string> File(string name, string description)
    {
        var argument = new Argument<string>(name) { Description = description };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: "" }])
                result.AddError($"{name} is empty: name a file.");
        });
        return argument;
    }

    public static Option<string> Model() =>
        new("--model", "-m") { Description = $"A model file ({ModelFormats}), or bicubic or bilinear. If not given: the trained model that ships for --scale.", HelpName = "FILE|bicubic|bilinear" };

    public static Option<int?> Scale() =>
        new("--scale", "-s")
        {
            Description = "Factor, 2 if not given. A model file has its own and takes no other; bicubic and bilinear take any.",
            HelpName = "N",
            CustomParser = result => WholeNumber(result, "--scale", 1, 64),
        };

    public static Option<string> Device() =>
        new("--device", "-d") { Description = "Where the network runs: auto, host, cuda[:N|:NAME], opencl[:N|:NAME], NAME being a part of what edsr devices shows. auto takes CUDA if there is any, else the host.", DefaultValueFactory = _ => "auto" };

    public static Option<int> Threads() =>
        new("--threads") { Description = "Threads of the host; 0 for all processors.", HelpName = "N", CustomParser = result => WholeNumber(result, "--threads", 0, 1024) };

    public static Option<long> MaxPixels() =>
        new("--max-pixels")
        {
            Description = "Larger pictures are refused before they are decoded.",
            HelpName = "N",
            CustomParser = result => WholeNumber(result, "--max-pixels", 1, long.MaxValue),
            DefaultValueFactory = _ => PictureFile.DefaultMaxPixels,
        };

    public static Option<string> BorderRule() =>
        Choice<Border>("--border", "What lies beyond the edge when pictures are made smaller: symmetric is MATLAB's rule, replicate that of some published sets.");

    public static Option<bool> Json() => new("--json") { Description = "Print JSON for machines, unless the command line is refused; an infinite PSNR is null." };

    /// <summary>An option that takes the names of an enum's values, in lower case; the first is the default.</summary>
    public static Option<string> Choice<T>(string name, string description) where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(n => n.ToLowerInvariant())];
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', names), DefaultValueFactory = _ => names[0] };
        option.CompletionSources.Add(names);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !names.Contains(token.Value))
                result.AddError($"{name} takes {string.Join(" or ", names)}, not '{token.Value}'.");
        });
        return option;
    }

    /// <summary>The value of a <see cref="Choice{T}"/>.</summary>
    public static T GetChoice<T>(this ParseResult parsed, Option<string> option) where T : struct, Enum =>
        Enum.Parse<T>(parsed.GetRequiredValue(option), ignoreCase: true);

    /// <summary>Whether an option stands on the command line.</summary>
    public static bool Has(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    /// <summary>Reads an option's value; what is no whole number of that range is refused.</summary>
    public static T WholeNumber<T>(System.CommandLine.Parsing.ArgumentResult result, string name, T least, T most) where T : struct, IBinaryInteger<T>
    {
        string text = result.Tokens[^1].Value;
        if (T.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        result.AddError($"{name} takes a whole number from {least} to {most}, not '{text}'.");
        return least;
    }

    /// <summary>A number of the command line that may have a fraction; whether it is in its range is seen later.</summary>
    public static T Number<T>(System.CommandLine.Parsing.ArgumentResult result, string name) where T : struct, IFloatingPoint<T>
    {
        string text = result.Tokens[^1].Value;
        if (T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value))
            return value;
        result.AddError($"{name} takes a number, not '{text}'.");
        return default;
    }
}
