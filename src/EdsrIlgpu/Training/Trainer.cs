using System.Diagnostics;
using EdsrIlgpu.Data;
using EdsrIlgpu.Devices;
using EdsrIlgpu.Graph;
using EdsrIlgpu.Kernels;
using EdsrIlgpu.Models;

namespace EdsrIlgpu.Training;

/// <summary>
/// Trains an EDSR network: step by step with <see cref="Step"/>, or a whole run with <see cref="Run"/>. Equal settings, batches and
/// device give equal weights, bit for bit. For one caller at a time.
/// </summary>
public sealed class Trainer : IDisposable
{
    // Enough bad batches in a row to say that it is not the batches.
    private const int MostSkipped = 100;

    private static readonly TimeSpan LongestWithoutCheckpoint = TimeSpan.FromMinutes(5);

    private readonly IBatchSource batches;
    private readonly ComputeDevice device;
    private readonly TrainingExecutor executor;
    private readonly DivergenceGuard guard = new();
    private int skippedInARow;

    /// <summary>Puts a network and all that its training needs on a device.</summary>
    /// <param name="config">How it is trained.</param>
    /// <param name="batches">What it is trained on, in batches of the configuration's size and range; not disposed with the trainer.</param>
    /// <param name="device">Where it is trained; not disposed with the trainer.</param>
    /// <param name="start">The weights it begins with; random ones of the configuration's seed if null.</param>
    /// <exception cref="EdsrException">A setting is out of range, or the device has not enough memory.</exception>
    /// <exception cref="ArgumentException"><paramref name="start"/> is another network.</exception>
    public Trainer(TrainingConfig config, IBatchSource batches, ComputeDevice device, EdsrModel? start = null)
    {
        config.Validate();
        (Config, this.batches, this.device) = (config, batches, device);
        try
        {
            executor = device.CreateTrainingExecutor(Edsr.Build(config.Network), config.Batch, config.Patch, config.Patch);
        }
        catch (OutOfMemoryException problem)
        {
            throw new EdsrException($"There is not enough memory on {device.Name} for batches of {config.Batch} patches of {config.Patch}×{config.Patch}: take fewer, or smaller ones.", problem);
        }
        try
        {
            var flat = new float[executor.Parameters.Length];
            executor.Parameters.FromModel((start ?? InitialWeights.Draw(config.Network, config.Seed)).Parameters, flat);
            executor.Write(TrainingBuffer.Parameters, flat);
            executor.Write(TrainingBuffer.Average, flat);
        }
        catch
        {
            executor.Dispose();
            throw;
        }
    }

    /// <summary>How it is trained.</summary>
    public TrainingConfig Config { get; }

    /// <summary>Steps made, skipped ones included.</summary>
    public long StepsDone { get; private set; }

    /// <summary>Steps that changed the weights: those that Adam counts.</summary>
    public long Updates { get; private set; }

    /// <summary>One step: the next batch through the network and back, and the weights a little better.</summary>
    /// <exception cref="DivergenceException">
    /// The loss exploded, and the settings say to stop, or it did many times in a row. The weights are as they were.
    /// </exception>
    public StepResult Step()
    {
        executor.Load(batches, StepsDone);
        executor.Forward();
        float loss = executor.Loss(Config.Loss);
        executor.ZeroGradients();
        executor.Backward();
        float norm = executor.GradientNorm();

        float rate = LearningRate.At(Config, StepsDone);
        if (guard.Problem(loss, norm) is { } problem)
            return Skip(problem, loss, norm, rate);
        executor.Adam(new AdamStep(++Updates, rate), Config.ClipNorm > 0 && norm > Config.ClipNorm ? Config.ClipNorm / norm : 1);
        if (Config.Ema > 0)
            executor.UpdateAverage(Config.Ema);

        guard.Remember(loss);
        skippedInARow = 0;
        return new StepResult(++StepsDone, loss, norm, rate, Skipped: null);
    }

    /// <summary>The network as it is now: the weights' average, if one is kept.</summary>
    /// <param name="metadata">What its file will say of it; may be null.</param>
    public EdsrModel Model(IReadOnlyDictionary<string, string>? metadata = null) =>
        new(Config.Network, executor.Parameters.ToModel(Read(Config.Ema > 0 ? TrainingBuffer.Average : TrainingBuffer.Parameters)), metadata);

    /// <summary>All that it takes to go on from here.</summary>
    public Checkpoint Save() => new()
    {
        Step = StepsDone,
        Updates = Updates,
        Parameters = Read(TrainingBuffer.Parameters),
        FirstMoments = Read(TrainingBuffer.FirstMoments),
        SecondMoments = Read(TrainingBuffer.SecondMoments),
        Average = Config.Ema > 0 ? Read(TrainingBuffer.Average) : [],
        RecentLosses = guard.Recent,
        SkippedInARow = skippedInARow,
    };

    /// <summary>Goes on from there, as if nothing had come between.</summary>
    /// <exception cref="EdsrException">The checkpoint is of another network.</exception>
    public void Restore(Checkpoint checkpoint)
    {
        int length = executor.Parameters.Length;
        if (checkpoint.Parameters.Length != length || checkpoint.FirstMoments.Length != length || checkpoint.SecondMoments.Length != length
            || checkpoint.Average.Length != (Config.Ema > 0 ? length : 0))
            throw new EdsrException("The checkpoint is of another network than this one.");
        executor.Write(TrainingBuffer.Parameters, checkpoint.Parameters);
        executor.Write(TrainingBuffer.FirstMoments, checkpoint.FirstMoments);
        executor.Write(TrainingBuffer.SecondMoments, checkpoint.SecondMoments);
        if (Config.Ema > 0)
            executor.Write(TrainingBuffer.Average, checkpoint.Average);
        guard.Reset(checkpoint.RecentLosses);
        (StepsDone, Updates, skippedInARow) = (checkpoint.Step, checkpoint.Updates, checkpoint.SkippedInARow);
    }

    /// <summary>
    /// Trains until the configured number of steps, with validations and checkpoints on the way; from the folder's checkpoint, if it
    /// has one.
    /// </summary>
    /// <param name="folder">Where the log, the best network and checkpoints go.</param>
    /// <param name="validation">What the network is validated with; null for nothing, and then none is the best.</param>
    /// <param name="observer">Told of every step and validation; may be null.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <returns>True when all steps are made; false where it was cancelled, with a checkpoint of the step it came to.</returns>
    /// <exception cref="EdsrException">The loss exploded, or a file cannot be written; the last checkpoint remains.</exception>
    public bool Run(RunFolder folder, ValidationSet? validation, ITrainingObserver? observer = null, CancellationToken cancel = default)
    {
        if (folder.Load() is { } checkpoint)
            Restore(checkpoint);
        else
            folder.Save(Save());
        try
        {
            return RunOn(folder, validation, observer, cancel);
        }
        catch (DivergenceException problem)
        {
            throw new EdsrException($"{problem.Message} The last good checkpoint, of step {folder.Saved}, is kept: {(Config.OnDivergence == DivergenceAction.Stop ? "resume it with --on-divergence skip, or " : "")}begin another run with a lower learning rate or a bound on the gradients' norm.", problem);
        }
    }

    /// <summary>Frees what it works in.</summary>
    public void Dispose() => executor.Dispose();

    private bool RunOn(RunFolder folder, ValidationSet? validation, ITrainingObserver? observer, CancellationToken cancel)
    {
        long saved = Stopwatch.GetTimestamp();
        try
        {
            while (true)
            {
                bool isLast = StepsDone >= Config.Steps;
                bool isValidated = validation is not null && StepsDone > 0 && (isLast || StepsDone % Config.ValidateEvery == 0) && folder.Validated != StepsDone;
                bool isSaved = isLast || (StepsDone % Config.CheckpointEvery == 0 && folder.Saved != StepsDone) || Stopwatch.GetElapsedTime(saved) > LongestWithoutCheckpoint;
                // Weights that make the next batch's loss explode are no result; one bad batch among good ones says nothing of them.
                string? problem = isValidated || isSaved ? NextProblem() : null;
                bool isRuined = problem is not null && skippedInARow > 0;
                if (isLast && isRuined)
                    throw new DivergenceException(StepsDone, $"{problem}, as in the batches that were skipped before");
                if (isValidated && !isRuined)
                    Validate(folder, validation!, observer, cancel);
                if (isSaved)
                {
                    if (problem is null || isLast)
                        folder.Save(Save());
                    saved = Stopwatch.GetTimestamp();
                }
                if (isLast)
                    return true;
                cancel.ThrowIfCancellationRequested();
                var result = Step();
                folder.Log(result);
                observer?.Stepped(result);
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            _ = NextProblem();
            folder.Save(Save());
            return false;
        }
    }

    private StepResult Skip(string problem, float loss, float norm, float rate)
    {
        if (Config.OnDivergence == DivergenceAction.Stop)
            throw new DivergenceException(StepsDone + 1, problem);
        if (++skippedInARow >= MostSkipped)
            throw new DivergenceException(StepsDone + 1, $"{problem}, and {MostSkipped} batches in a row were skipped");
        return new StepResult(++StepsDone, loss, norm, rate, problem);
    }

    /// <summary>Why the next batch would be skipped; null if it would not.</summary>
    /// <exception cref="DivergenceException">There is a reason, and the settings say to stop: the checkpoint before is the last good one.</exception>
    private string? NextProblem()
    {
        executor.Load(batches, StepsDone);
        executor.Forward();
        string? problem = guard.Problem(executor.Loss(Config.Loss), gradientNorm: 0);
        return problem is null || Config.OnDivergence == DivergenceAction.Skip ? problem : throw new DivergenceException(StepsDone + 1, problem);
    }

    private void Validate(RunFolder folder, ValidationSet validation, ITrainingObserver? observer, CancellationToken cancel)
    {
        var model = Model();
        var result = validation.Measure(model, device, StepsDone, cancel);
        bool isBest = folder.Log(result);
        if (isBest)
            folder.SaveBest(new EdsrModel(model.Config, model.Parameters, Config.Describe(result, validation.Protocol)));
        observer?.Validated(result, isBest);
    }

    private float[] Read(TrainingBuffer which)
    {
        var flat = new float[executor.Parameters.Length];
        executor.Read(which, flat);
        return flat;
    }
}
