using System.Diagnostics;
using System.Globalization;
using EdsrIlgpu.Cli.Output;
using EdsrIlgpu.Training;

namespace EdsrIlgpu.Cli.Training;

/// <summary>What a person sees of a training run: a line for each validation, and between them a bar, or a line now and then where there is no terminal.</summary>
/// <param name="config">The run's settings.</param>
/// <param name="baseline">What the network has to be better than.</param>
/// <param name="baselineName">What that is called.</param>
/// <param name="display">Where it is shown.</param>
/// <param name="isLive">Whether there is a bar.</param>
internal sealed class TrainingDisplay(TrainingConfig config, ValidationResult baseline, string baselineName, WorkDisplay display, bool isLive) : ITrainingObserver
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(20), BetweenRefreshes = TimeSpan.FromMilliseconds(200);

    private readonly long begun = Stopwatch.GetTimestamp();
    private long shown, latestStep = Stopwatch.GetTimestamp();
    private long firstStep;
    private double loss, secondsPerStep;
    private string psnr = "";

    /// <inheritdoc/>
    public void Stepped(StepResult result)
    {
        bool isFirst = firstStep == 0;
        if (isFirst)
            firstStep = result.Step;
        if (result.Skipped is { } problem)
            display.Complain($"edsr: step {result.Step} skipped: {problem}");
        else
            loss = Smooth(loss, result.Loss);
        secondsPerStep = Smooth(secondsPerStep, Stopwatch.GetElapsedTime(latestStep).TotalSeconds);
        latestStep = Stopwatch.GetTimestamp();
        if (!isFirst && result.Step < config.Steps && Stopwatch.GetElapsedTime(shown) < (isLive ? BetweenRefreshes : BetweenLines))
            return;
        shown = Stopwatch.GetTimestamp();
        if (!isLive)
            display.WriteLine(Line(result.Step));
        else
        {
            display.Begin(Line(result.Step), 0);
            display.Report((double)result.Step / config.Steps);
        }

        double Smooth(double old, double latest) => isFirst || old == 0 ? latest : old + (latest - old) * Math.Max(0.02, 1.0 / (result.Step - firstStep + 1));
    }

    /// <inheritdoc/>
    public void Validated(ValidationResult result, bool isBest)
    {
        psnr = FormattableString.Invariant($"  {result.Mean.Psnr:F2} dB");
        string tutorial = result.Mean.TutorialPsnr is { } theirs ? FormattableString.Invariant($", {theirs:F3} dB by the tutorial's formula ({baselineName} {baseline.Mean.TutorialPsnr:F3})") : "";
        display.WriteLine(FormattableString.Invariant($"step {result.Step}: PSNR {result.Mean.Psnr:F3} dB, SSIM {result.Mean.Ssim:F4} ({baselineName} {baseline.Mean.Psnr:F3}, {baseline.Mean.Ssim:F4}){tutorial}{(isBest ? ", the best so far" : "")}"));
        // Its time is no step's.
        latestStep = Stopwatch.GetTimestamp();
    }

    private string Line(long step)
    {
        double left = (config.Steps - step) * Stopwatch.GetElapsedTime(begun).TotalSeconds / (step - firstStep + 1);
        double speed = config.Batch / secondsPerStep;
        return FormattableString.Invariant($"step {step}/{config.Steps}  loss {loss:G5}  {speed.ToString(speed >= 100 ? "F0" : "G3", CultureInfo.InvariantCulture)} patches/s  {Text(TimeSpan.FromSeconds(left))} left{psnr}");
    }

    private static string Text(TimeSpan time) => time.TotalHours >= 1 ? $"{(long)time.TotalHours} h {time.Minutes} min" : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s" : $"{time.Seconds} s";
}
