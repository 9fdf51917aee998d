using System.CommandLine;
using EdsrIlgpu.Imaging;
using EdsrIlgpu.Resampling;

namespace EdsrIlgpu.Cli.Commands;

/// <summary>Options that several commands have.</summary>
internal static class SharedOptions
{
    public static Argument<string[]> Inputs() =>
        new("INPUT") { Description = "Pictures, or folders whose pictures are taken.", Arity = ArgumentArity.OneOrMore };

    public static Option<string> Model() =>
        new("--model", "-m") { Description = "A model file (safetensors, pt, pth), or bicubic or bilinear.", HelpName = "FILE|bicubic|bilinear" };

    public static Option<int?> Scale()
    {
        var option = new Option<int?>("--scale", "-s") { Description = "Factor. A model has its own and takes no other; bicubic and bilinear take any, 2 if not given.", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 64)
                result.AddError("--scale is a whole number from 1 to 64.");
        });
        return option;
    }

    public static Option<string> Device() =>
        new("--device", "-d") { Description = "Where the network runs: auto, host, cuda[:N], opencl[:N]. auto takes CUDA if there is any, else the host.", DefaultValueFactory = _ => "auto" };

    public static Option<int> Threads()
    {
        var option = new Option<int>("--threads") { Description = "Threads of the host; 0 for all processors.", HelpName = "N" };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 1024)
                result.AddError("--threads is a whole number from 0 to 1024.");
        });
        return option;
    }

    public static Option<long> MaxPixels() =>
        new("--max-pixels") { Description = "Larger pictures are refused before they are decoded.", HelpName = "N", DefaultValueFactory = _ => PictureFile.DefaultMaxPixels };

    public static Option<Border> BorderRule() =>
        new("--border") { Description = "What lies beyond the edge when pictures are made smaller: symmetric is MATLAB's rule, replicate that of some published sets.", DefaultValueFactory = _ => Border.Symmetric };

    public static Option<bool> Json() => new("--json") { Description = "Print JSON for machines." };
}
