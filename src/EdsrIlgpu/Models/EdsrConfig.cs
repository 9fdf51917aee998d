namespace EdsrIlgpu.Models;

/// <summary>What an EDSR network is: its size, its scale, and the range its pixels are brought to.</summary>
/// <param name="Blocks">Number of residual blocks, B.</param>
/// <param name="Features">Channels of head and body, F.</param>
/// <param name="Scale">Factor by which width and height grow: 2, 3, 4 (or another product of 2s and 3s).</param>
public sealed record EdsrConfig(int Blocks, int Features, int Scale)
{
    /// <summary>Factor on each block's branch before the block's input is added: 1 (baseline), 0.1 (full, tutorial).</summary>
    public float ResidualScale { get; init; } = 1;

    /// <summary>True in the tutorial's network: the two convolutions of a block are one, used twice.</summary>
    public bool TiedBlocks { get; init; }

    /// <summary>True in the paper's network: a convolution ends the body and the head's output is added. False in the tutorial's.</summary>
    public bool GlobalSkip { get; init; } = true;

    /// <summary>
    /// False in the paper's network: the upsampler keeps the features, and a last convolution makes the picture of them. True in the
    /// TensorFlow networks of OpenCV's dnn_superres: the tail is one sub-pixel convolution, features → channels · scale², whose
    /// PixelShuffle by the scale is the picture; the scale may then be any.
    /// </summary>
    public bool SubPixelOutput { get; init; }

    /// <summary>Colour channels of input and output: 3 (RGB) or 1.</summary>
    public int Channels { get; init; } = 3;

    /// <summary>How 8-bit samples become network values and back.</summary>
    public PixelRange Range { get; init; } = PixelRange.EdsrPyTorch;

    /// <summary>16 blocks of 64 features, the paper's baseline.</summary>
    public static EdsrConfig Baseline(int scale) => new(16, 64, scale);

    /// <summary>32 blocks of 256 features with residual scale 0.1, the paper's full network.</summary>
    public static EdsrConfig Full(int scale) => new(32, 256, scale) { ResidualScale = 0.1f };

    /// <summary>The tutorial's network: 32 tied blocks of 256 features, no global skip, values in [−1, 1].</summary>
    public static EdsrConfig Tutorial(int scale) =>
        new(32, 256, scale) { ResidualScale = 0.1f, TiedBlocks = true, GlobalSkip = false, Range = PixelRange.SignedUnit };
}
