namespace EdsrIlgpu.Import.Graphs;

/// <summary>What an operation of a foreign graph is to EDSR.</summary>
internal enum OperationKind
{
    /// <summary>Nothing that an EDSR has.</summary>
    Other,

    /// <summary>The picture.</summary>
    Input,

    /// <summary>A tensor of the file.</summary>
    Constant,

    /// <summary>A convolution without bias, stride 1, zero padding that keeps the size.</summary>
    Convolution,

    /// <summary>The sum of two values, one of them perhaps a bias.</summary>
    Add,

    /// <summary>max(0, ·).</summary>
    Relu,

    /// <summary>A product with a number.</summary>
    Scale,

    /// <summary>Depth to space.</summary>
    PixelShuffle,

    /// <summary>Its input, unchanged or in another memory layout.</summary>
    Same,
}
