namespace EdsrIlgpu.Tests;

/// <summary>Progress told at once, on the thread that makes it, unlike that of <see cref="Progress{T}"/>.</summary>
internal sealed class ActionProgress(Action<double> action) : IProgress<double>
{
    public void Report(double value) => action(value);
}
