namespace EdsrIlgpu.Data;

/// <summary>How LR pictures are made where none are given.</summary>
public enum Reduction
{
    /// <summary>MATLAB's antialiased bicubic of the whole picture, as benchmarks have it.</summary>
    Bicubic,

    /// <summary>The Python Imaging Library's antialiased bilinear of each HR patch by itself, as the tutorial has it.</summary>
    Bilinear,
}
