namespace EdsrIlgpu.Resampling;

/// <summary>Where a two-pass resampling rounds to whole levels, halves upwards, and clamps to 0–255.</summary>
public enum Rounding
{
    /// <summary>After each pass, as MATLAB does with a uint8 picture.</summary>
    EachPass,

    /// <summary>After the second pass only, as MATLAB does with a double picture that is quantised afterwards.</summary>
    Once,
}
