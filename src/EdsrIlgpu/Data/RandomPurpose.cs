namespace EdsrIlgpu.Data;

/// <summary>What random numbers are drawn for. The numbers are part of what a seed means: they never change.</summary>
internal enum RandomPurpose : uint
{
    /// <summary>Picture, place and turn of patches.</summary>
    Patch = 0,

    /// <summary>Pictures held out for validation.</summary>
    HoldOut = 1,

    /// <summary>Strengths of degradations.</summary>
    Degradation = 2,

    /// <summary>The noise itself.</summary>
    Noise = 3,

    /// <summary>Weights that training begins with.</summary>
    InitialWeights = 4,
}
