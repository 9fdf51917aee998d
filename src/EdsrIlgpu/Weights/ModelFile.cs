using EdsrIlgpu.Files;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Weights;

/// <summary>
/// Reads models from files and writes them. It reads safetensors and both of PyTorch's formats, recognised by content, with
/// EDSR-PyTorch's tensor names; it writes safetensors that describe themselves. Nothing in a file is ever executed.
/// </summary>
public static class ModelFile
{
    /// <summary>Reads a model.</summary>
    /// <remarks>
    /// Blocks, features and scale follow from names and shapes. The residual scale is what the metadata say, else 0.1 for 256
    /// features and 1 for others. The range is that of <c>sub_mean</c> and <c>add_mean</c>; without them EDSR-PyTorch's, or [−1, 1]
    /// for the tutorial's network.
    /// </remarks>
    /// <param name="path">A safetensors, .pt or .pth file.</param>
    /// <exception cref="EdsrException">There is no such file, it is damaged, refused, no EDSR, or holds NaN or infinity.</exception>
    public static EdsrModel Load(string path) => Load(path, TensorFile.Read);

    /// <summary>Reads a model from a stream that can seek, from its beginning; the stream is disposed.</summary>
    /// <param name="stream">What a file that <see cref="Load(string)"/> reads would hold.</param>
    /// <param name="name">What messages call it.</param>
    /// <exception cref="EdsrException">It is damaged, refused, no EDSR, or holds NaN or infinity.</exception>
    public static EdsrModel Load(Stream stream, string name) => Use(name, () => TensorFile.Read(stream), Model);

    /// <summary>Writes a model as safetensors with EDSR-PyTorch's names. The file appears whole or not at all; equal models give equal bytes.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">Where to; a file that is there is replaced.</param>
    /// <param name="half">
    /// Store the parameters as 16-bit floats, rounded to the nearest: half the size, relative errors up to 2⁻¹¹. The mean shifts stay
    /// exact.
    /// </param>
    /// <exception cref="EdsrException">The file cannot be written, or a parameter is too large for 16 bits.</exception>
    public static void Save(EdsrModel model, string path, bool half = false)
    {
        if (half)
            foreach (var (name, values) in model.Parameters)
                if (Array.Exists(values, v => Half.IsInfinity((Half)v) && float.IsFinite(v)))
                    throw new EdsrException($"Cannot write {path}: {name} has values beyond the range of 16-bit floats; write it in 32 bits.");
        var tensors = MeanShift.Tensors(model.Config.Range, model.Config.Channels)
            .Concat(EdsrLayout.Parameters(model.Config).Select(p => (p.Name, p.Shape, model.Parameters[p.Name]))).ToList();
        AtomicFile.Write(path, part =>
        {
            using var stream = File.Create(part);
            SafetensorsWriter.Write(stream, tensors, EdsrMetadata.Write(model), half ? model.Parameters.ContainsKey : null);
        });
    }

    /// <summary>Says what a weight file is, whether an EDSR or not.</summary>
    /// <exception cref="EdsrException">There is no such file, or it is no weight file, damaged or refused.</exception>
    public static ModelFileInfo Describe(string path) => Describe(path, TensorFile.Read);

    /// <summary>Reads a model from a file that <paramref name="read"/> opens.</summary>
    internal static EdsrModel Load(string path, Func<Stream, TensorFile> read) => Use(path, () => TensorFile.Open(path, read), Model);

    /// <summary>Reads a model from a stream that <paramref name="read"/> opens.</summary>
    internal static EdsrModel Load(string name, Stream stream, Func<Stream, TensorFile> read) => Use(name, () => read(stream), Model);

    /// <summary>Says what a file is that <paramref name="read"/> opens.</summary>
    internal static ModelFileInfo Describe(string path, Func<Stream, TensorFile> read) => Use(path, () => TensorFile.Open(path, read), Describe);

    private static EdsrModel Model(TensorFile file)
    {
        var (config, problem) = Configuration(file);
        if (config is null)
            throw new WeightFileException(
                $"is {Describe(file)}. Its tensors are {(file.Tensors.Count == 0 ? "none" : Printable.Names(file.Tensors.Keys))}; {EdsrLayout.Expected}.");
        var parameters = EdsrLayout.Parameters(config).ToDictionary(p => p.Name, p => Finite(file, p.Name));
        if (HasMeanShifts(file))
            MeanShift.Fold(name => Finite(file, name), parameters, config);
        return new EdsrModel(config, parameters, EdsrMetadata.Others(file.Metadata));
    }

    private static ModelFileInfo Describe(TensorFile file)
    {
        var (config, problem) = Configuration(file);
        TensorInfo[] tensors = [.. file.Tensors.Select(t => new TensorInfo(t.Key, t.Value.Type, t.Value.Shape))];
        long parameters = file.Tensors.Where(t => config is null || !MeanShift.Names.Contains(t.Key)).Sum(t => t.Value.Count);
        return new ModelFileInfo(file.Container, tensors, file.Metadata, config, config is null ? problem : null, parameters);
    }

    private static (EdsrConfig? Config, string Problem) Configuration(TensorFile file)
    {
        if (file.Problem is not null)
            return (null, file.Problem);
        var (inferred, problem) = EdsrLayout.Recognise(file.Tensors);
        if (inferred is null)
            return (null, problem);
        var config = EdsrMetadata.Apply(file.Metadata, inferred);
        if (!HasMeanShifts(file))
            return (config, "");
        var stored = MeanShift.Range(name => Finite(file, name), config.Range.Gain);
        // Metadata may say one value for all channels where the tensors have one for each.
        bool same = Same(config.Range.InputOffset, stored.InputOffset) && Same(config.Range.OutputOffset, stored.OutputOffset);
        return (same ? config : config with { Range = stored }, "");

        bool Same(float[] stated, float[] values) => MeanShift.Expand(stated, config.Channels).AsSpan().SequenceEqual(values);
    }

    private static bool HasMeanShifts(TensorFile file) => MeanShift.Names.Any(file.Tensors.ContainsKey);

    private static float[] Finite(TensorFile file, string name)
    {
        var values = file.Tensors[name].Read();
        return Array.TrueForAll(values, float.IsFinite) ? values : throw new WeightFileException(
            $"has NaN or infinity in {name}: its training diverged, or it is damaged. Take another file.");
    }

    private static T Use<T>(string name, Func<TensorFile> open, Func<TensorFile, T> use)
    {
        try
        {
            using var file = open();
            return use(file);
        }
        catch (WeightFileException problem)
        {
            throw new EdsrException($"{name} {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new EdsrException($"{name} cannot be read: {problem.Message}", problem);
        }
    }
}
