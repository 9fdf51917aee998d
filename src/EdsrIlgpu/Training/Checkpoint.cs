using System.Globalization;
using EdsrIlgpu.Files;
using EdsrIlgpu.Weights;
using EdsrIlgpu.Weights.Safetensors;

namespace EdsrIlgpu.Training;

/// <summary>
/// All that it takes to continue a training run as if it had never stopped. Random numbers are counted, not drawn, so the number of
/// steps is the generator's state too. Equal checkpoints are equal bytes: no times, no names of machines.
/// </summary>
public sealed record Checkpoint
{
    private const string Format = "format", ThisFormat = "EdsrIlgpu checkpoint 1";

    /// <summary>Steps made.</summary>
    public required long Step { get; init; }

    /// <summary>Steps that changed the weights.</summary>
    public required long Updates { get; init; }

    /// <summary>The weights, as <see cref="Graph.ParameterLayout"/> lays them out.</summary>
    public required float[] Parameters { get; init; }

    /// <summary>Adam's first moments, laid out alike.</summary>
    public required float[] FirstMoments { get; init; }

    /// <summary>Adam's second moments, laid out alike.</summary>
    public required float[] SecondMoments { get; init; }

    /// <summary>The weights' average, laid out alike; empty where none is kept.</summary>
    public required float[] Average { get; init; }

    /// <summary>The losses that new ones are judged by, the oldest first.</summary>
    public required float[] RecentLosses { get; init; }

    /// <summary>Batches in a row that were skipped.</summary>
    public required int SkippedInARow { get; init; }

    /// <summary>Log and validations.</summary>
    public RunProgress Run { get; init; }

    /// <summary>Writes a checkpoint. Until it is written whole, the file that was there is.</summary>
    /// <exception cref="EdsrException">It cannot be written.</exception>
    public void Write(string path)
    {
        (string, int[], float[])[] tensors = [.. Tensors().Select(t => (t.Name, (int[])[t.Values.Length], t.Values))];
        var numbers = new Dictionary<string, string>
        {
            [Format] = ThisFormat,
            [nameof(Step)] = Text(Step),
            [nameof(Updates)] = Text(Updates),
            [nameof(SkippedInARow)] = Text(SkippedInARow),
            [nameof(Run.LogLength)] = Text(Run.LogLength),
            [nameof(Run.Validated)] = Text(Run.Validated),
            [nameof(Run.BestStep)] = Text(Run.BestStep),
            [nameof(Run.BestPsnr)] = Run.BestPsnr.ToString(CultureInfo.InvariantCulture),
        };
        AtomicFile.Write(path, part =>
        {
            using var stream = File.Create(part);
            SafetensorsWriter.Write(stream, tensors, numbers);
        });

        static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>Reads a checkpoint.</summary>
    /// <exception cref="EdsrException">There is none, or it is damaged.</exception>
    public static Checkpoint Read(string path)
    {
        try
        {
            using var file = TensorFile.Open(path);
            if (file.Metadata.GetValueOrDefault(Format) != ThisFormat)
                throw new WeightFileException("is no checkpoint of this version of EdsrIlgpu.");
            return new Checkpoint
            {
                Step = Number(nameof(Step)),
                Updates = Number(nameof(Updates)),
                SkippedInARow = (int)Number(nameof(SkippedInARow)),
                Parameters = Values(nameof(Parameters)),
                FirstMoments = Values(nameof(FirstMoments)),
                SecondMoments = Values(nameof(SecondMoments)),
                Average = Values(nameof(Average)),
                RecentLosses = Values(nameof(RecentLosses)),
                Run = new RunProgress(
                    Number(nameof(RunProgress.LogLength)),
                    Number(nameof(RunProgress.Validated)),
                    Number(nameof(RunProgress.BestStep)),
                    double.TryParse(file.Metadata.GetValueOrDefault(nameof(RunProgress.BestPsnr)), CultureInfo.InvariantCulture, out double psnr) ? psnr : throw Lacks(nameof(RunProgress.BestPsnr))),
            };

            long Number(string name) =>
                long.TryParse(file.Metadata.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out long value) ? value : throw Lacks(name);

            float[] Values(string name) => file.Tensors.TryGetValue(name, out var tensor) ? tensor.Read() : throw Lacks(name);
        }
        catch (WeightFileException problem)
        {
            throw new EdsrException($"{path} {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"{path} cannot be read: {problem.Message}", problem);
        }

        static WeightFileException Lacks(string name) => new($"is damaged: it lacks {name}.");
    }

    private IEnumerable<(string Name, float[] Values)> Tensors() =>
    [
        (nameof(Parameters), Parameters),
        (nameof(FirstMoments), FirstMoments),
        (nameof(SecondMoments), SecondMoments),
        (nameof(Average), Average),
        (nameof(RecentLosses), RecentLosses),
    ];
}
