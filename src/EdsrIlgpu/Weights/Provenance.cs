namespace EdsrIlgpu.Weights;

/// <summary>How something is known that tensors' names and shapes do not say.</summary>
public enum Provenance
{
    /// <summary>The caller said it.</summary>
    Caller,

    /// <summary>The file's metadata say it.</summary>
    Metadata,

    /// <summary>The file's mean shifts say it.</summary>
    MeanShifts,

    /// <summary>The file does not say it; networks of its kind have it.</summary>
    Convention,

    /// <summary>Networks of its kind have something else, or the file's mean shifts say so; but with this one it enlarges clearly better.</summary>
    Trial,
}
