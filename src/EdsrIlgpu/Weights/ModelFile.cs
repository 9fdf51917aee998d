using EdsrIlgpu.Files;
using EdsrIlgpu.Models;
using EdsrIlgpu.Weights.Recognition;
using EdsrIlgpu.Weights.Safetensors;

namespace EdsrIlgpu.Weights;

/// <summary>
/// Reads models from files and writes them. It reads safetensors, both of PyTorch's formats and Paddle's pickles, recognised by
/// content; it writes safetensors that describe themselves. Nothing in a file is ever executed.
/// </summary>
public static class ModelFile
{
    /// <summary>Reads a model.</summary>
    /// <remarks>
    /// The tensors may be named as EDSR-PyTorch, torchSR, super-image, BasicSR, MMagic or the tutorial do, and lie in a wrapper
    /// (<c>module</c>, <c>state_dict</c>, <c>params</c>, of which <c>params_ema</c> is preferred). Blocks, features and scale follow
    /// from names and shapes. The residual scale is what the metadata say, else 0.1 for 256 features and the tutorial's network, and 1
    /// for others. The range is that of the metadata, of <c>sub_mean</c> and <c>add_mean</c>, else the project's. Where the metadata do
    /// not say them, the network is tried on a small drawn picture, and what it enlarges clearly better with than with these counts.
    /// </remarks>
    /// <param name="path">A safetensors, .pt, .pth or .pdparams file.</param>
    /// <param name="options">What the file cannot say; null leaves all to it.</param>
    /// <exception cref="EdsrException">There is no such file, it is damaged, refused, no EDSR, or holds NaN or infinity.</exception>
    public static EdsrModel Load(string path, ModelFileOptions? options = null) => Load(path, options, out _);

    /// <summary>Reads a model, and says what its file is.</summary>
    /// <param name="path">A safetensors, .pt, .pth or .pdparams file.</param>
    /// <param name="options">What the file cannot say; null leaves all to it.</param>
    /// <param name="info">What <see cref="Describe(string, ModelFileOptions?)"/> says of it.</param>
    /// <exception cref="EdsrException">There is no such file, it is damaged, refused, no EDSR, or holds NaN or infinity.</exception>
    public static EdsrModel Load(string path, ModelFileOptions? options, out ModelFileInfo info)
    {
        (var model, info) = Load(path, options, TensorFile.Read);
        return model;
    }

    /// <summary>Reads a model from a stream that can seek, from its beginning; the stream is disposed.</summary>
    /// <param name="stream">What a file that <see cref="Load(string, ModelFileOptions?)"/> reads would hold.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">What the file cannot say; null leaves all to it.</param>
    /// <exception cref="EdsrException">It is damaged, refused, no EDSR, or holds NaN or infinity.</exception>
    public static EdsrModel Load(Stream stream, string name, ModelFileOptions? options = null) => Use(name, () => TensorFile.Open(stream, TensorFile.Read), file => Model(file, options)).Model;

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
    /// <param name="path">The file.</param>
    /// <param name="options">What the file cannot say; null leaves all to it.</param>
    /// <exception cref="EdsrException">There is no such file, it is no weight file, damaged or refused, or holds an EDSR with NaN or infinity.</exception>
    public static ModelFileInfo Describe(string path, ModelFileOptions? options = null) => Describe(path, options, TensorFile.Read);

    /// <summary>Says what a stream that can seek holds, from its beginning; the stream is disposed.</summary>
    /// <param name="stream">What a file that <see cref="Load(string, ModelFileOptions?)"/> reads would hold.</param>
    /// <param name="name">What messages call it.</param>
    /// <param name="options">What the file cannot say; null leaves all to it.</param>
    /// <exception cref="EdsrException">It is no weight file, damaged or refused, or holds an EDSR with NaN or infinity.</exception>
    public static ModelFileInfo Describe(Stream stream, string name, ModelFileOptions? options = null) =>
        Use(name, () => TensorFile.Open(stream, TensorFile.Read), file => Describe(file, options));

    /// <summary>Reads a model from a file that <paramref name="read"/> opens.</summary>
    internal static (EdsrModel Model, ModelFileInfo Info) Load(string path, ModelFileOptions? options, Func<Stream, TensorFile> read) =>
        Use(path, () => TensorFile.Open(path, read), file => Model(file, options));

    /// <summary>Reads a model from a stream that <paramref name="read"/> opens.</summary>
    internal static EdsrModel Load(string name, Stream stream, Func<Stream, TensorFile> read) => Use(name, () => TensorFile.Open(stream, read), file => Model(file, null)).Model;

    /// <summary>Says what a file is that <paramref name="read"/> opens.</summary>
    internal static ModelFileInfo Describe(string path, ModelFileOptions? options, Func<Stream, TensorFile> read) =>
        Use(path, () => TensorFile.Open(path, read), file => Describe(file, options));

    private static (EdsrModel Model, ModelFileInfo Info) Model(TensorFile file, ModelFileOptions? options)
    {
        var (reading, problem) = EdsrReading.Of(file, options ?? new());
        var info = Describe(file, reading, problem);
        return reading is not null ? (new EdsrModel(reading.Config, reading.Parameters, EdsrMetadata.Others(file.Metadata)), info) : throw new WeightFileException(
            $"is {info}. {(file.Tensors.Count == 0 ? "It holds no tensors" : $"Its tensors are {Printable.Names(file.Tensors.Keys)}")}; {EdsrLayout.Expected}.");
    }

    private static ModelFileInfo Describe(TensorFile file, ModelFileOptions? options)
    {
        var (reading, problem) = EdsrReading.Of(file, options ?? new());
        return Describe(file, reading, problem);
    }

    private static ModelFileInfo Describe(TensorFile file, EdsrReading? reading, string problem)
    {
        TensorInfo[] tensors = [.. file.Tensors.Select(t => new TensorInfo(t.Key, t.Value.Type, t.Value.Shape))];
        if (reading is null)
            return new ModelFileInfo(file.Container, tensors, file.Metadata, null, problem, file.Tensors.Values.Sum(t => Math.Min(t.Count, t.Span))) { Resembles = NetworkFamily.Of(file.Tensors) };
        return new ModelFileInfo(file.Container, tensors, file.Metadata, reading.Config, null, reading.Parameters.Values.Sum(values => values.LongLength))
        {
            KeyStyle = file.KeyStyle ?? reading.Found.Style.Name,
            Wrapper = reading.Found.Prefix.TrimEnd('.'),
            RangeFrom = reading.RangeFrom,
            ResidualScaleFrom = reading.ResidualScaleFrom,
            TrialGain = reading.TrialGain,
        };
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
