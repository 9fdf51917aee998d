using EdsrIlgpu.Training;

namespace EdsrIlgpu.Cli.Training;

/// <summary>Tells several of what happens, one after the other.</summary>
/// <param name="observers">Whom.</param>
internal sealed class ObserverList(params ITrainingObserver[] observers) : ITrainingObserver
{
    /// <inheritdoc/>
    public void Stepped(StepResult result)
    {
        foreach (var observer in observers)
            observer.Stepped(result);
    }

    /// <inheritdoc/>
    public void Validated(ValidationResult result, bool isBest)
    {
        foreach (var observer in observers)
            observer.Validated(result, isBest);
    }
}
