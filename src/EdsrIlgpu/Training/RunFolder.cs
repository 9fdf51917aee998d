using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Unicode;
using EdsrIlgpu.Files;
using EdsrIlgpu.Models;
using EdsrIlgpu.Weights;
using Microsoft.Win32.SafeHandles;

namespace EdsrIlgpu.Training;

/// <summary>
/// The folder of a training run: <c>config.json</c>, <c>log.jsonl</c>, <c>best.safetensors</c> and <c>last/</c>, the checkpoint. Every
/// file but the log appears whole or not at all, and the log is cut to the checkpoint's length when a run goes on, so that a run that
/// was killed ends with the same bytes as one that was not.
/// </summary>
public sealed class RunFolder : IDisposable
{
    private readonly string folder;
    private readonly FileStream guard;
    private readonly SafeFileHandle log;
    private readonly byte[] line = new byte[512];
    private RunProgress progress;

    private RunFolder(string folder, FileStream guard)
    {
        (this.folder, this.guard) = (folder, guard);
        // What a kill left half-written.
        foreach (string part in (string[])[folder, Path.Combine(folder, "last")])
            if (Directory.Exists(part))
                foreach (string file in Directory.EnumerateFiles(part, ".*.part"))
                    File.Delete(file);
        // Without a buffer: whoever looks sees every step.
        log = File.OpenHandle(LogFile, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
    }

    /// <summary>One JSON object a line: of each step its loss and learning rate, of each validation PSNR and SSIM.</summary>
    public string LogFile => Path.Combine(folder, "log.jsonl");

    /// <summary>The best network so far, by its PSNR.</summary>
    public string BestFile => Path.Combine(folder, "best.safetensors");

    /// <summary>The latest checkpoint.</summary>
    public string CheckpointFile => CheckpointIn(folder);

    /// <summary>The report, a page for people.</summary>
    public string ReportFile => Path.Combine(folder, "report.html");

    /// <summary>Steps made at the latest checkpoint.</summary>
    public long Saved { get; private set; }

    /// <summary>Steps made at the latest validation; 0 for none.</summary>
    public long Validated => progress.Validated;

    /// <summary>Steps made at the best validation; 0 for none.</summary>
    public long BestStep => progress.BestStep;

    /// <summary>PSNR of the best validation in dB.</summary>
    public double BestPsnr => progress.BestPsnr;

    /// <summary>Whether there is a run in a folder.</summary>
    public static bool HoldsRun(string folder) => File.Exists(ConfigFile(folder));

    /// <summary>Whether the run in a folder has come to its first checkpoint.</summary>
    public static bool HasCheckpoint(string folder) => File.Exists(CheckpointIn(folder));

    /// <summary>The settings of the run in a folder.</summary>
    /// <exception cref="EdsrException">There is none, or its settings cannot be read.</exception>
    public static TrainingConfig ReadConfig(string folder)
    {
        if (!HoldsRun(folder))
            throw new EdsrException($"There is no run in {folder} to resume: leave out --resume to begin one.");
        try
        {
            return TrainingConfig.FromJson(File.ReadAllText(ConfigFile(folder)));
        }
        catch (EdsrException problem)
        {
            throw new EdsrException($"{ConfigFile(folder)}: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"{ConfigFile(folder)} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Throws where a new run could not have its folder.</summary>
    /// <exception cref="EdsrException">It has other things in it, a run for example, or is a file.</exception>
    public static void RequireFree(string folder)
    {
        if (HoldsRun(folder))
            throw new EdsrException($"There is a run in {folder} already: continue it with --resume, or name another folder.");
        if (File.Exists(folder))
            throw new EdsrException($"{folder} is a file, and a folder is needed for the run.");
        if (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any(entry => !Path.GetFileName(entry).StartsWith('.')))
            throw new EdsrException($"{folder} has other files in it: name an empty or a new folder for the run.");
    }

    /// <summary>Makes the folder of a new run.</summary>
    /// <exception cref="EdsrException">It is not free, or cannot be made.</exception>
    public static RunFolder Begin(string folder, TrainingConfig config)
    {
        RequireFree(folder);
        return Open(folder, () => AtomicFile.Write(ConfigFile(folder), part => File.WriteAllText(part, config.ToJson())));
    }

    /// <summary>Opens the folder of a run that goes on.</summary>
    /// <exception cref="EdsrException">There is no run in it, or one with other settings; more steps are allowed where the schedule does not depend on their number.</exception>
    public static RunFolder Continue(string folder, TrainingConfig config)
    {
        var begun = ReadConfig(folder);
        bool isLonger = config.Steps > begun.Steps && config.Schedule != RateSchedule.Cosine;
        // How often checkpoints are written changes nothing.
        var comparable = begun with { CheckpointEvery = config.CheckpointEvery, Steps = isLonger ? config.Steps : begun.Steps, Pictures = config.Pictures };
        List<string> differences = [.. comparable.Differences(config)];
        // Their hashes would say nothing to people.
        if (begun.Pictures != config.Pictures)
            differences.Add("other pictures than these");
        if (differences.Count > 0)
            throw new EdsrException($"The run in {folder} was begun with other settings: {string.Join("; ", differences)}. Resume it with its own, or begin another.");
        return Open(folder, () =>
        {
            if (isLonger)
                AtomicFile.Write(ConfigFile(folder), part => File.WriteAllText(part, config.ToJson()));
        });
    }

    /// <summary>The checkpoint to go on from; null if the run is at its beginning. What the log says of later steps is cut off.</summary>
    /// <exception cref="EdsrException">It is damaged, or the log lacks steps that were made.</exception>
    public Checkpoint? Load()
    {
        var checkpoint = File.Exists(CheckpointFile) ? Checkpoint.Read(CheckpointFile) : null;
        progress = checkpoint?.Run ?? default;
        Saved = checkpoint?.Step ?? 0;
        if (RandomAccess.GetLength(log) < progress.LogLength)
            throw new EdsrException($"{LogFile} is shorter than its checkpoint says: put the whole log back, or begin another run.");
        Written(() => RandomAccess.SetLength(log, progress.LogLength));
        return checkpoint;
    }

    /// <summary>Replaces the checkpoint.</summary>
    /// <exception cref="EdsrException">It cannot be written; the one before it is still there.</exception>
    public void Save(Checkpoint checkpoint)
    {
        Written(() => RandomAccess.FlushToDisk(log));
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(CheckpointFile)!);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new EdsrException($"Cannot write {CheckpointFile}: {problem.Message}", problem);
        }
        (checkpoint with { Run = progress }).Write(CheckpointFile);
        Saved = checkpoint.Step;
    }

    /// <summary>Adds a step to the log.</summary>
    /// <exception cref="EdsrException">The log cannot be written.</exception>
    public void Log(StepResult result)
    {
        bool fits = result.Skipped is null
            ? Utf8.TryWrite(line, CultureInfo.InvariantCulture, $"{{\"step\":{result.Step},\"loss\":{result.Loss},\"norm\":{result.GradientNorm},\"rate\":{result.Rate}}}\n", out int length)
            : Utf8.TryWrite(line, CultureInfo.InvariantCulture, $"{{\"step\":{result.Step},\"skipped\":\"{result.Skipped}\",\"rate\":{result.Rate}}}\n", out length);
        Append(fits ? line.AsSpan(0, length) : throw new UnreachableException("A line of the log is longer than its buffer."));
    }

    /// <summary>Adds a validation to the log.</summary>
    /// <returns>Whether it is the best so far.</returns>
    /// <exception cref="EdsrException">The log cannot be written.</exception>
    public bool Log(ValidationResult result)
    {
        bool isBest = progress.BestStep == 0 || result.Mean.Psnr > progress.BestPsnr;
        string tutorial = result.Mean.TutorialPsnr is { } psnr ? $",\"tutorialPsnr\":{Text(psnr)}" : "";
        Append(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{{\"step\":{result.Step},\"psnr\":{Text(result.Mean.Psnr)},\"ssim\":{Text(result.Mean.Ssim)}{tutorial},\"best\":{(isBest ? "true" : "false")}}}\n")));
        progress = progress with { Validated = result.Step };
        if (isBest)
            progress = progress with { BestStep = result.Step, BestPsnr = result.Mean.Psnr };
        return isBest;

        static string Text(double value) => double.IsFinite(value) ? value.ToString("F4", CultureInfo.InvariantCulture) : "null";
    }

    /// <summary>Replaces the best network.</summary>
    /// <exception cref="EdsrException">It cannot be written.</exception>
    public void SaveBest(EdsrModel model) => ModelFile.Save(model, BestFile);

    /// <summary>Replaces the report.</summary>
    /// <exception cref="EdsrException">It cannot be written.</exception>
    public void SaveReport(string html) => AtomicFile.Write(ReportFile, part => File.WriteAllText(part, html));

    /// <inheritdoc/>
    public void Dispose()
    {
        log.Dispose();
        guard.Dispose();
    }

    private static string CheckpointIn(string folder) => Path.Combine(folder, "last", "checkpoint.safetensors");

    private static string ConfigFile(string folder) => Path.Combine(folder, "config.json");

    private static RunFolder Open(string folder, Action prepare)
    {
        FileStream? guard = null;
        try
        {
            Directory.CreateDirectory(folder);
            guard = new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            prepare();
            return new RunFolder(folder, guard);
        }
        catch (Exception problem)
        {
            guard?.Dispose();
            if (problem is not (IOException or UnauthorizedAccessException))
                throw;
            throw new EdsrException(guard is null && File.Exists(Path.Combine(folder, ".lock"))
                ? $"Another process is training in {folder}: wait for it, or name another folder."
                : $"The run's folder {folder} cannot be used: {problem.Message}", problem);
        }
    }

    private void Append(ReadOnlySpan<byte> bytes)
    {
        try
        {
            RandomAccess.Write(log, bytes, progress.LogLength);
        }
        catch (IOException problem)
        {
            throw Unwritten(problem);
        }
        progress = progress with { LogLength = progress.LogLength + bytes.Length };
    }

    private void Written(Action write)
    {
        try
        {
            write();
        }
        catch (IOException problem)
        {
            throw Unwritten(problem);
        }
    }

    private EdsrException Unwritten(IOException problem) => new($"Cannot write {LogFile}: {problem.Message}", problem);
}
