namespace EdsrIlgpu.Training;

/// <summary>Told of what happens in a training run, on its thread.</summary>
public interface ITrainingObserver
{
    /// <summary>A step was made.</summary>
    void Stepped(StepResult result);

    /// <summary>The network was validated.</summary>
    /// <param name="result">How well it does.</param>
    /// <param name="isBest">Whether better than ever before in this run; the network is then in the run folder.</param>
    void Validated(ValidationResult result, bool isBest);
}
