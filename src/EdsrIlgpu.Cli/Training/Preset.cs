namespace EdsrIlgpu.Cli.Training;

/// <summary>A network with its recipe.</summary>
internal enum Preset
{
    /// <summary>The paper's 16 blocks of 64 features.</summary>
    Baseline,

    /// <summary>The paper's 32 blocks of 256 features.</summary>
    Full,

    /// <summary>The tutorial's 32 tied blocks of 256 features.</summary>
    Tutorial,
}
