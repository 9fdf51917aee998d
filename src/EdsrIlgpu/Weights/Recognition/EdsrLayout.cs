using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights.Recognition;

/// <summary>
/// EDSR-PyTorch's naming of an EDSR's tensors: what network the names and shapes of a file say. The tutorial's variant has the
/// same names without <c>body.{i}.body.2</c> and <c>body.{B}</c>.
/// </summary>
internal static class EdsrLayout
{
    /// <summary>What is expected, for messages.</summary>
    public const string Expected = "an EDSR has head.0, body.0.body.0, body.0.body.2 and so on, tail.0.0 and tail.1, each with .weight and .bias";

    // Beyond any network that was ever trained, and where products of sizes still fit into 32 bits.
    public const int MostBlocks = 1024, MostFeatures = 4096, LargestScale = 16;

    /// <summary>
    /// The network that the tensors are, with residual scale 0.1 where it has 256 features or is the tutorial's, else 1, and the range
    /// that such networks are published with.
    /// </summary>
    /// <returns>The network, or why it is none.</returns>
    public static (EdsrConfig? Config, string Problem) Recognise(EdsrTensors found)
    {
        var tensors = found.ByName;
        if (Shape("head.0.weight") is not { } head)
            return (null, $"{found.InFile("head.0.weight")} is missing");
        if (head is not [>= 1 and <= MostFeatures and var features, 1 or 3, 3, 3])
            return (null, $"{found.InFile("head.0.weight")} is {Printable.Shape(head)}, and is [features, 1 or 3, 3, 3] in an EDSR of at most {MostFeatures} features");
        int blocks = 0;
        while (tensors.ContainsKey($"body.{blocks}.body.0.weight"))
            if (++blocks > MostBlocks)
                return (null, $"it has more than {MostBlocks} blocks");
        int channels = (int)head[1];
        // Without a last convolution the tail's first makes the picture.
        int? direct = tensors.ContainsKey("tail.1.weight") ? null : SubPixelScale(Shape("tail.0.0.weight")?[0] ?? 0, channels);
        int scale = direct ?? 1;
        for (int i = 0; direct is null && Shape($"tail.0.{i}.weight") is { } up; i += 2)
        {
            int factor = up[0] == 4 * features ? 2 : up[0] == 9 * features ? 3 : 0;
            if (factor == 0 || (scale *= factor) > LargestScale)
                return (null, $"{found.InFile($"tail.0.{i}.weight")} is {Printable.Shape(up)}, which enlarges {features} features neither 2 nor 3 times (at most {LargestScale} times in all)");
        }
        if (scale == 1)
            return (null, $"{found.InFile("tail.0.0.weight")} is missing");

        bool tied = blocks > 0 && !tensors.ContainsKey("body.0.body.2.weight"), skip = tensors.ContainsKey($"body.{blocks}.weight"), tutorial = tied && !skip;
        var config = new EdsrConfig(blocks, (int)features, scale)
        {
            ResidualScale = features == 256 || tutorial ? 0.1f : 1,
            TiedBlocks = tied,
            GlobalSkip = skip,
            SubPixelOutput = direct is not null,
            Channels = channels,
            Range = tutorial ? PixelRange.SignedUnit : channels == 3 ? found.Style.Range : PixelRange.Byte,
        };
        return Compare(found, config) is { } problem ? (null, problem) : (config, "");

        IReadOnlyList<long>? Shape(string name) => tensors.TryGetValue(name, out var tensor) && tensor.Shape.Count > 0 ? tensor.Shape : null;
    }

    /// <summary>The scale at which a sub-pixel convolution of so many outputs makes a picture; null if there is none.</summary>
    private static int? SubPixelScale(long outputs, int channels)
    {
        for (int scale = 2; scale <= LargestScale; scale++)
            if (outputs == channels * scale * scale)
                return scale;
        return null;
    }

    /// <summary>Names and shapes of the parameters of a network, in order.</summary>
    public static IEnumerable<(string Name, int[] Shape)> Parameters(EdsrConfig config)
    {
        foreach (var (name, k, c, _) in Edsr.Build(config).Parameters)
        {
            yield return ($"{name}.weight", [k, c, 3, 3]);
            yield return ($"{name}.bias", [k]);
        }
    }

    /// <summary>The first difference between what the file has and what the network needs; null if there is none.</summary>
    private static string? Compare(EdsrTensors found, EdsrConfig config)
    {
        var needed = Parameters(config).ToDictionary(p => p.Name, p => p.Shape);
        if (MeanShift.Names.Any(found.ByName.ContainsKey))
            foreach (var (name, shape) in MeanShift.Shapes(config.Channels))
                needed.Add(name, shape);
        foreach (var (name, shape) in needed)
        {
            if (!found.ByName.TryGetValue(name, out var tensor))
                return $"{found.InFile(name)} is missing";
            if (!tensor.Shape.SequenceEqual(shape.Select(size => (long)size)))
                return $"{found.InFile(name)} is {Printable.Shape(tensor.Shape)} and should be {Printable.Shape([.. shape.Select(size => (long)size)])}";
            if (!tensor.Type.IsFloat)
                return $"{found.InFile(name)} holds {tensor.Type}, where floats of 16 bits or more are needed";
        }
        string[] others = [.. found.ByName.Keys.Where(name => !needed.ContainsKey(name)).Select(found.InFile), .. found.Others];
        return others.Length == 0 ? null : $"it also has {Printable.Names(others)}, which no EDSR has";
    }
}
